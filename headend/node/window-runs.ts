import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import type { OpenRead } from '../acquisition/line-reader.js'
import { modelsOf } from '../acquisition/models-of.js'
import type { Line } from '../line-settings.js'
import type { HeadEndMetrics } from '../metrics/head-end-metrics.js'
import type { WindowSpan } from '../plan/plan-coverage.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import { type ForetoldWindow, foretellWindow } from '../schedule/foretell.js'
import { foretoldFields } from '../schedule/foretold-fields.js'
import { count, type LineCounters, noTraffic } from '../sessions/line-counters.js'
import type { LogEvent } from './log.js'

/** The windows in which this node has a part: what they will take by what is open as they are taken up, and what they have taken since. */
export interface WindowRuns {
  /** Said and recorded once, before the first pass that this node makes of the window. */
  readonly foretell: (window: CollectedWindow, due: readonly OpenRead[]) => Promise<ForetoldWindow | null>
  readonly passed: (key: string, pass: { readonly read: number; readonly counters: LineCounters }) => void
  /** Records what the window took. One whose last pass another node makes stays without. */
  readonly complete: (key: string) => Promise<void>
}

export interface CollectedWindow {
  readonly key: string
  readonly line: Line
  readonly span: WindowSpan
  readonly plan: CollectionPlan
}

interface Run {
  readonly foretold: ForetoldWindow | null
  readonly end: Instant
  counters: LineCounters
  read: number
}

export interface WindowRunsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly metrics: Pick<HeadEndMetrics, 'foretold'>
  readonly log: LogEvent
}

export function createWindowRuns({ database, clock, metrics, log }: WindowRunsOptions): WindowRuns {
  const runs = new Map<string, Run>()

  function say({ key, line, span }: CollectedWindow, { forecast }: ForetoldWindow): void {
    const { airtimeMs, unfit, missingMs } = forecast
    const from = Math.max(clock.now(), span.passStarts[0] ?? span.start)
    metrics.foretold(line.code, { seconds: airtimeMs / 1000, fits: unfit.length === 0 })
    log('info', 'window_taken_up', { window: key, ...foretoldFields(forecast, from) })
    if (unfit.length === 0) return
    const missing = { unfitJobs: unfit.length, missingMs: Math.ceil(missingMs) }
    log('warn', 'window_infeasible', { window: key, reason: '窗口排不下 the window does not hold it all', ...missing })
  }

  return {
    async foretell(window, due) {
      const known = runs.get(window.key)
      if (known !== undefined) return known.foretold
      const now = clock.now()
      for (const [key, { end }] of runs) if (end < now) runs.delete(key)
      const { key, line, span, plan } = window
      const foretold = await foretellWindow(database, line, { due, window: span, now, quirksOf: modelsOf(plan) })
      runs.set(key, { foretold, end: span.end, counters: noTraffic, read: 0 })
      if (foretold !== null) say(window, foretold)
      return foretold
    },
    passed(key, { read, counters }) {
      const run = runs.get(key)
      if (run === undefined) return
      run.counters = count(run.counters, counters)
      run.read += read
    },
    async complete(key) {
      const run = runs.get(key)
      runs.delete(key)
      if (run === undefined || run.foretold === null) return
      const due = run.foretold.forecast.jobs
      // What fell due after the window was foretold is read as well.
      await run.foretold.complete({ due, read: Math.min(due, run.read) }, run.counters, clock.now())
    },
  }
}
