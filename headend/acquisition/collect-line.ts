import type { MeterId } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { type AttemptLog, type CollectedBatch, createAttemptLog } from './attempt-log.js'
import type { LineReader, OpenRead } from './line-reader.js'
import { sleepUntil } from './sleep-until.js'

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

/** Attempts held in memory before they are stored; what a crash would lose is read again. */
const batchSize = 64

/**
 * Reads what is due on one line, pass by pass, until all is read or the window ends. A meter that does not answer is left alone
 * for the rest of the pass, so that a dead one costs the line one reply time per pass; a midnight that a meter's memory does not
 * hold is not asked for again. A due point that nobody got to try is recorded as failed with what kept us from it.
 */
export async function collectLine(options: CollectLineOptions): Promise<LineOutcome> {
  const { clock, due, end, passStarts } = options
  const log = createAttemptLog(clock)
  let open: readonly OpenRead[] = [...due].sort(boundariesThenNewest)
  let lineReached = true
  for (const start of passStarts) {
    if (open.length === 0 || clock.now() >= end) break
    await sleepUntil(clock, start)
    const left = await runPass(options, log, open)
    open = left.open
    lineReached = left.lineReached
    await store(options, log)
  }
  for (const each of open.filter((untried) => !log.hasFailed(untried))) {
    log.addFailure(each, log.lastCause(each.meterId) ?? (lineReached ? 'window_over' : 'line_down'))
  }
  await store(options, log)
  const { read, repaired } = log.counts()
  return { due: due.length, read, repaired, open: due.length - read }
}

/** Tries each open due point once. What it leaves open is in the same order. */
async function runPass(
  options: CollectLineOptions,
  log: AttemptLog,
  open: readonly OpenRead[],
): Promise<{ readonly open: readonly OpenRead[]; readonly lineReached: boolean }> {
  const { clock, reader, end } = options
  const silent = new Set<MeterId>()
  const left: OpenRead[] = []
  for (const [index, due] of open.entries()) {
    const lineReached = clock.now() < end && (await reader.ready(end))
    if (!lineReached) return { open: [...left, ...open.slice(index)], lineReached: clock.now() >= end }
    if (silent.has(due.meterId) || !(await attempt(reader, log, due, silent))) left.push(due)
    if (log.waiting() >= batchSize) await store(options, log)
  }
  return { open: left, lineReached: true }
}

/** True when the due point needs no further pass in this window. */
async function attempt(reader: LineReader, log: AttemptLog, due: OpenRead, silent: Set<MeterId>): Promise<boolean> {
  const outcome = await reader.read(due)
  if (outcome.kind === 'read') {
    log.addReading(due, outcome.reading)
    return true
  }
  log.addFailure(due, outcome.cause)
  if (outcome.cause === 'no_reply') silent.add(due.meterId)
  return outcome.cause === 'no_freeze'
}

async function store(options: CollectLineOptions, log: AttemptLog): Promise<void> {
  if (log.waiting() > 0) await options.store(log.take())
}

/** What a bill waits for comes first; else the due midnight of all meters comes before anybody's backlog. */
function boundariesThenNewest(a: OpenRead, b: OpenRead): number {
  return (
    Number(b.boundary ?? false) - Number(a.boundary ?? false) ||
    b.readAt - a.readAt ||
    (a.meterId < b.meterId ? -1 : Number(a.meterId > b.meterId))
  )
}
