import { SpoolFullError } from '../ingest/line-store.js'
import type { HeadEndMetrics } from '../metrics/head-end-metrics.js'
import { type LogEvent, messageOf } from './log.js'

/** What this node does on its lines: on each line one act after the other, on different lines at once. */
export interface LineActs {
  readonly begin: (lineCode: string, act: () => Promise<void>) => void
  readonly isBusy: (lineCode: string) => boolean
  readonly drained: () => Promise<void>
}

export interface LineActsOptions {
  readonly metrics: Pick<HeadEndMetrics, 'trouble'>
  readonly log: LogEvent
  /** A hand is free again. */
  readonly onFree: () => void
}

export function createLineActs({ metrics, log, onFree }: LineActsOptions): LineActs {
  const acts = new Set<Promise<void>>()
  /** Ends with the last act on the line. */
  const lineEnds = new Map<string, Promise<void>>()

  function begin(lineCode: string, act: () => Promise<void>): void {
    const before = lineEnds.get(lineCode) ?? Promise.resolve()
    const running: Promise<void> = before.then(act).then(
      () => ended(lineCode, running),
      (error: unknown) => {
        const isFull = error instanceof SpoolFullError
        if (isFull) metrics.trouble('spool')
        log('error', isFull ? 'spool_full' : 'line_failed', { line: lineCode, reason: messageOf(error) })
        return ended(lineCode, running)
      },
    )
    lineEnds.set(lineCode, running)
    acts.add(running)
  }

  function ended(lineCode: string, running: Promise<void>): void {
    acts.delete(running)
    if (lineEnds.get(lineCode) === running) lineEnds.delete(lineCode)
    onFree()
  }

  return {
    begin,
    isBusy: (lineCode) => lineEnds.has(lineCode),
    async drained() {
      while (acts.size > 0) await Promise.all(acts)
    },
  }
}
