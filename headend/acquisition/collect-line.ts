import type { MeterId } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { JobOutcome, LineQueue } from '../schedule/line-job.js'
import { createLineQueue } from '../schedule/line-queue.js'
import { nextProbeAt, type ReprobePolicy } from '../schedule/reprobe.js'
import { type AttemptLog, type CollectedBatch, createAttemptLog } from './attempt-log.js'
import { isSilence } from './failure-cause.js'
import type { LineReader, OpenRead, ReadOutcome } from './line-reader.js'
import { inOrderOfTrying } from './order-of-trying.js'

/** What became of the due points of one line in one window. */
export interface LineOutcome {
  readonly due: number
  readonly read: number
  /** Due points that failed first and were read later in the same window. */
  readonly repaired: number
  readonly open: number
}

export interface LineLeft extends LineOutcome {
  /** When a silent meter is to be seen to again, where somebody else sees to it; null when no meter waits for that. */
  readonly probeAt: Instant | null
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
  /** Where others put their jobs and requests for the line; one of its own where it is not given. */
  readonly queue?: LineQueue
  /** Tells meters apart for which the port must be set differently. */
  readonly groupOf?: (due: OpenRead) => string
  /** How long a due point is expected to keep the line, repeats included; 0 where nobody needs to know. */
  readonly airtimeMs?: (due: OpenRead) => number
  /** Without it silent meters are tried again in the passes only. */
  readonly reprobe?: ReprobePolicy
  /** Ends with the last pass; whoever calls comes back for silent meters, so that the line is free meanwhile. */
  readonly leavesAfterPasses?: boolean
}

/** Attempts held in memory before they are stored; what a crash would lose is read again. */
const batchSize = 64

/**
 * Reads what is due on one line, pass by pass, until all is read or the window ends. A meter that does not answer is left alone
 * for the rest of the pass, so that a dead one costs the line one reply time per pass; a midnight that a meter's memory does not
 * hold is not asked for again. A due point that nobody got to try is recorded as failed with what kept us from it, unless the line was
 * lost: then it has not failed, it is its next owner's.
 */
export async function collectLine(options: CollectLineOptions): Promise<LineLeft> {
  const { clock, due, end, passStarts, queue = createLineQueue(options) } = options
  const log = createAttemptLog(clock)
  const window = createLineWindow(options, log, queue)
  for (const [pass, start] of passStarts.entries()) {
    if (window.open().length === 0 || clock.now() >= end) break
    window.plan(pass, start)
    await window.waitUntil(Math.min(start, end))
    await queue.runReleased(end)
    await store(options, log)
  }
  if (options.leavesAfterPasses !== true) await window.probeUntilEnd()
  const probeAt = window.nextProbe()
  const untried = window.isLost() ? [] : window.open().filter((each) => !log.hasFailed(each))
  for (const each of untried) {
    log.addFailure(each, log.lastCause(each.meterId) ?? (window.lineReached() ? 'window_over' : 'line_down'))
  }
  await store(options, log)
  window.close()
  const { read, repaired } = log.counts()
  return { due: due.length, read, repaired, open: due.length - read, probeAt }
}

/** What is open on the line, and the jobs that are made of it. */
function createLineWindow(options: CollectLineOptions, log: AttemptLog, queue: LineQueue) {
  const { clock, reader, end, reprobe, airtimeMs = () => 0 } = options
  const open = new Map(inOrderOfTrying(options.due, options.groupOf).map((due, index) => [due, index]))
  const silences = new Map<MeterId, number>()
  /** Left alone for the rest of the pass. */
  let silentNow = new Set<MeterId>()
  let lineReached = true
  let isLineDown = false
  /** Nobody but the line's next owner asks for the rest. */
  let isLost = false

  function lose(outcome: JobOutcome): JobOutcome {
    isLost = true
    return outcome
  }

  function plan(pass: number, start: Instant): void {
    silentNow = new Set()
    isLineDown = false
    for (const due of open.keys()) replan(due, pass, start)
  }

  function replan(due: OpenRead, pass: number, releaseAt: Instant): void {
    const key = dueKey(due)
    const priority = pass * open.size + (open.get(due) ?? 0)
    const { meterId } = due
    queue.drop(key)
    queue.add({
      key,
      meterId,
      releaseAt,
      deadline: end,
      priority,
      airtimeMs: airtimeMs(due),
      run: () => tryDue(due),
    })
  }

  async function tryDue(due: OpenRead): Promise<JobOutcome> {
    if (isLost) return { kind: 'failed', cause: 'line_lost' }
    if (isLineDown) return { kind: 'failed', cause: 'line_down' }
    if (silentNow.has(due.meterId)) return { kind: 'failed', cause: 'no_reply' }
    if (!(await reader.ready(end))) {
      isLineDown = true
      lineReached = clock.now() >= end
      return { kind: 'failed', cause: 'line_down' }
    }
    const outcome = await reader.read(due)
    if (outcome.kind === 'failed') {
      if (outcome.cause === 'line_lost') return lose(outcome)
      log.addFailure(due, outcome.cause)
    }
    const done = settle(due, outcome)
    if (log.waiting() >= batchSize) await store(options, log)
    return done
  }

  function settle(due: OpenRead, outcome: ReadOutcome): JobOutcome {
    lineReached = true
    if (outcome.kind === 'read') {
      log.addReading(due, outcome.reading)
      close(due)
    } else if (outcome.cause === 'no_freeze' || outcome.cause === 'live_too_late') close(due)
    if (outcome.kind === 'failed' && isSilence(outcome.cause)) leaveAlone(due)
    else silences.delete(due.meterId)
    return outcome.kind === 'read' ? { kind: 'done' } : outcome
  }

  function close(due: OpenRead): void {
    open.delete(due)
    queue.drop(dueKey(due))
  }

  /** Until the next pass, or until it is time to see whether the meter is back. */
  function leaveAlone(due: OpenRead): void {
    const { meterId } = due
    silentNow.add(meterId)
    const count = 1 + (silences.get(meterId) ?? 0)
    silences.set(meterId, count)
    if (reprobe === undefined) return
    const now = clock.now()
    const at = nextProbeAt(reprobe, { silences: count, silentWindows: due.silentWindows ?? 0, now })
    if (at === null || at >= end) return
    const key = `${probePrefix}${meterId}`
    queue.drop(key)
    const priority = Number.MAX_SAFE_INTEGER
    const probe = { key, meterId, releaseAt: at, deadline: end, priority, airtimeMs: airtimeMs(due) }
    queue.add({ ...probe, run: () => probeMeter(due) })
  }

  /** One attempt that is recorded only when it brings something; a meter that is back gets all its turns at once. */
  async function probeMeter(due: OpenRead): Promise<JobOutcome> {
    if (isLost || !open.has(due) || !silences.has(due.meterId)) return { kind: 'done' }
    if (!(await reader.ready(end))) return { kind: 'failed', cause: 'line_down' }
    const read = await reader.read(due)
    if (read.kind === 'failed' && read.cause === 'line_lost') return lose(read)
    const outcome = settle(due, read)
    if (!silences.has(due.meterId)) {
      silentNow.delete(due.meterId)
      for (const other of open.keys()) if (other.meterId === due.meterId) replan(other, 0, clock.now())
    }
    await store(options, log)
    return outcome
  }

  function nextProbe(): Instant | null {
    const probes = queue.planned().filter(({ key }) => key.startsWith(probePrefix))
    return probes.length === 0 ? null : Math.min(...probes.map(({ releaseAt }) => releaseAt))
  }

  /** Requests and probes have the line meanwhile; nobody waits for a pass that has nothing to do. */
  async function waitUntil(instant: Instant): Promise<void> {
    while (open.size > 0 && clock.now() < instant) {
      await queue.serveUntil(Math.min(instant, nextProbe() ?? instant))
      await queue.runReleased(instant)
    }
  }

  return {
    open: () => [...open.keys()],
    plan,
    waitUntil,
    nextProbe,
    async probeUntilEnd() {
      for (let at = nextProbe(); at !== null && open.size > 0 && clock.now() < end; at = nextProbe()) {
        await queue.serveUntil(Math.min(at, end))
        await queue.runReleased(end)
      }
    },
    lineReached: () => lineReached,
    isLost: () => isLost,
    close() {
      for (const { key } of queue.planned())
        if (key.startsWith(probePrefix) || key.startsWith(duePrefix)) queue.drop(key)
      if (options.queue === undefined) queue.close()
    },
  }
}

const duePrefix = 'due '
const probePrefix = 'probe '

function dueKey({ meterId, readAt }: OpenRead): string {
  return `${duePrefix}${meterId} ${readAt}`
}

async function store(options: CollectLineOptions, log: AttemptLog): Promise<void> {
  if (log.waiting() > 0) await options.store(log.take())
}
