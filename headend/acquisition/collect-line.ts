import type { MeterId } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { CollectedReading, FailedAttempt } from '../../storage/headend/collected.js'
import type { FailureCause } from './failure-cause.js'
import type { LineReader, OpenRead } from './line-reader.js'

/** What one line brought since the last time it was stored. */
export interface CollectedBatch {
  readonly readings: readonly CollectedReading[]
  readonly failures: readonly FailedAttempt[]
}

/** What became of the due points of one line in one window. */
export interface LineOutcome {
  readonly due: number
  readonly read: number
  /** Due points that failed first and were read later in the same window. */
  readonly repaired: number
  readonly open: number
}

export interface CollectLineOptions {
  readonly clock: Clock
  readonly reader: LineReader
  readonly due: readonly OpenRead[]
  /** Instants at which passes begin, ascending, and the end of the window. */
  readonly passStarts: readonly Instant[]
  readonly end: Instant
  /** Stores what was collected; the next request waits for it. */
  readonly store: (batch: CollectedBatch) => Promise<void>
}

/** Readings and failures held in memory before they are stored; what a crash would lose is read again. */
const batchSize = 64

/**
 * Reads what is due on one line, pass by pass, until all is read or the window ends. A meter that does not answer is left alone
 * for the rest of the pass, so that a dead one costs the line one reply time per pass; a midnight that a meter's memory does not
 * hold is not asked for again. A due point that nobody got to try is recorded as failed with what kept us from it.
 */
export async function collectLine(options: CollectLineOptions): Promise<LineOutcome> {
  const { clock, reader, end, store } = options
  const total = options.due.length
  const firstFailure = new Map<OpenRead, FailureCause>()
  let open = [...options.due].sort(newestFirst)
  let read = 0
  let repaired = 0
  let readings: CollectedReading[] = []
  let failures: FailedAttempt[] = []

  function fail(due: OpenRead, cause: FailureCause): void {
    firstFailure.set(due, firstFailure.get(due) ?? cause)
    failures.push({ meterId: due.meterId, readAt: due.readAt, cause, failedAt: clock.now() })
  }

  async function flush(): Promise<void> {
    const batch = { readings, failures }
    readings = []
    failures = []
    if (batch.readings.length + batch.failures.length > 0) await store(batch)
  }

  /** True when the due point needs no further pass. */
  async function attempt(due: OpenRead, silent: Set<MeterId>): Promise<boolean> {
    const outcome = await reader.read(due)
    if (outcome.kind === 'read') {
      readings.push(outcome.reading)
      read += 1
      if (firstFailure.has(due)) repaired += 1
      return true
    }
    fail(due, outcome.cause)
    if (outcome.cause === 'no_reply') silent.add(due.meterId)
    return outcome.cause === 'no_freeze'
  }

  async function pass(): Promise<void> {
    const silent = new Set<MeterId>()
    const left: OpenRead[] = []
    for (const [index, due] of open.entries()) {
      if (clock.now() >= end || !(await reader.ready(end))) {
        left.push(...open.slice(index))
        break
      }
      if (silent.has(due.meterId) || !(await attempt(due, silent))) left.push(due)
      if (readings.length + failures.length >= batchSize) await flush()
    }
    open = left
  }

  for (const start of options.passStarts) {
    if (open.length === 0 || clock.now() >= end) break
    await sleepUntil(clock, start)
    await pass()
    await flush()
  }
  const untried = open.filter((due) => !firstFailure.has(due))
  const silentMeters = new Set(open.filter((due) => firstFailure.get(due) === 'no_reply').map((due) => due.meterId))
  for (const due of untried) fail(due, silentMeters.has(due.meterId) ? 'no_reply' : 'line_down')
  await flush()
  return { due: total, read, repaired, open: total - read }
}

/** The due midnight of all meters comes before anybody's backlog. */
function newestFirst(a: OpenRead, b: OpenRead): number {
  return b.readAt - a.readAt || (a.meterId < b.meterId ? -1 : Number(a.meterId > b.meterId))
}

export async function sleepUntil(clock: Clock, instant: Instant): Promise<void> {
  const delayMs = instant - clock.now()
  if (delayMs > 0) await clock.sleep(delayMs)
}
