import type { LineId } from '../../domain/reading.js'
import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import { type Instant, secondMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { missingDueReads } from '../../storage/headend/due-reads.js'
import type { LineBatch } from '../../storage/headend/store-collected.js'
import type { CollectedBatch } from '../acquisition/attempt-log.js'
import { collectLine, type LineOutcome } from '../acquisition/collect-line.js'
import { missingSpan, sessionOf, sessionThrough, storeSums } from '../acquisition/collect-window.js'
import type { FailureCause } from '../acquisition/failure-cause.js'
import type { LineReader, OpenRead } from '../acquisition/line-reader.js'
import { portGroupOf, prepareDue } from '../acquisition/prepare-due.js'
import type { Line } from '../line-settings.js'
import type { ForetoldWindow } from '../schedule/foretell.js'
import type { LineQueue } from '../schedule/line-job.js'
import { usualReprobe } from '../schedule/reprobe.js'
import type { StoredCounts } from '../metrics/head-end-metrics.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import { type LineCounters, noTraffic } from '../sessions/line-counters.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import type { LineSession } from '../transports/line-session.js'
import type { LineHold } from './line-hold.js'
import type { PassOutcome } from './next-step.js'
import { type PassWork, workOfPass } from './pass-work.js'

export interface PassOptions {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly serialPorts: SerialPorts
  readonly plan: CollectionPlan
  readonly line: Line
  readonly hold: LineHold
  /** The due instant. */
  readonly midnight: Instant
  readonly windowStart: Instant
  readonly end: Instant
  /** Since when what failed has had its turn, and only silent meters are seen to again; null where each call is a pass of its own. */
  readonly passBegun: Instant | null
  /** No pass follows in this window: what nobody got to try is recorded now. */
  readonly isLast: boolean
  /** A way to the meters of a concentrator that may lose what it has read. */
  readonly gapLine: (lineId: LineId) => Dlt645Line | null
  /** Narrows what is asked for, for a pass that a person began. */
  readonly wants?: (due: OpenRead) => boolean
  /** Where reads that somebody waits for are put; their own jobs go between those of the pass. */
  readonly queue: LineQueue
  /** The line is there and the pass is planned: from now on the queue can tell what it can afford. */
  readonly onTalking: (session: LineSession, airtimeMs: (due: OpenRead) => number) => void
  /** What the window takes, said before its first pass; null where nobody can tell. */
  readonly foretell: (due: readonly OpenRead[]) => Promise<ForetoldWindow | null>
  /** Null for a batch that waits on disk. */
  readonly store: (batch: LineBatch) => Promise<StoredCounts | null>
  /** False while nothing more could be kept. */
  readonly hasRoom: () => boolean
  readonly onStored: (counts: StoredCounts) => void
  readonly onRead?: (due: OpenRead) => void
}

export type PassReport = PassOutcome & LineOutcome & { readonly counters: LineCounters }

/** A line that does not open within this time is tried again later, with a growing delay. */
const connectPatienceMs = 10 * secondMs

/**
 * Tries each open due point of a line that has not had its turn in this pass, under the line's lease, and between passes those of silent
 * meters. A pass that is cut short leaves no trace but what it read; a silent meter that stays silent leaves none either.
 */
export async function collectPass(options: PassOptions): Promise<PassReport> {
  const { database, clock, plan, line, hold, midnight, passBegun, wants = () => true } = options
  const missing = (await missingDueReads(database, missingSpan(plan, line, midnight, clock.now()))).filter(wants)
  if (missing.length === 0) return nothingMissing
  if (line.kind === 'mqtt_concentrator') {
    const behind = options.isLast ? options.gapLine(line.lineId) : null
    if (behind === null) return lookAtUploads(options, missing)
    const due = await prepareDue(database, plan, { missing, midnight })
    return talk(options, sessionThrough(behind, { clock, plan, newestMidnight: midnight, right: hold }), {
      kind: 'pass',
      due,
    })
  }
  const due = await prepareDue(database, plan, { missing, midnight })
  const work = await workOfPass(database, { due, passBegun, now: clock.now() })
  const foretold = await options.foretell(due)
  const report =
    work.due.length === 0
      ? { ...nothingMissing, probeAt: work.kind === 'probe' ? work.probeAt : null }
      : await talk(options, sessionOf({ ...options, right: hold }, line, midnight), work, foretold)
  return { ...report, open: missing.length - report.read }
}

const nothingMissing: PassReport = {
  kind: 'passed',
  due: 0,
  read: 0,
  repaired: 0,
  open: 0,
  probeAt: null,
  counters: noTraffic,
}

/** A concentrator delivers by itself; what has not come when its window closes, and cannot be asked for through it, has failed. */
async function lookAtUploads(options: PassOptions, missing: readonly OpenRead[]): Promise<PassReport> {
  if (options.isLast) await storeFailures(options, missing, 'no_upload')
  return { ...nothingMissing, due: missing.length, open: missing.length }
}

async function talk(
  options: PassOptions,
  session: LineSession,
  work: PassWork,
  foretold: ForetoldWindow | null = null,
): Promise<PassReport> {
  const { clock, plan, hold, windowStart, end, isLast, passBegun, queue } = options
  const { due } = work
  try {
    if (!(await session.reader.ready(Math.min(end, clock.now() + connectPatienceMs)))) {
      if (isLast && work.kind === 'pass') await storeFailures(options, due, 'line_down')
      return { ...nothingMissing, kind: 'line_down', due: due.length, open: due.length }
    }
    const airtimeMs = (each: OpenRead): number => foretold?.forecast.airtimeMsOf(each) ?? 0
    const collecting = collectLine({
      clock,
      reader: guarded(session, options),
      due,
      passStarts: [clock.now()],
      end,
      store: (batch) => storeBatch(options, work.kind === 'pass' ? batch : { ...batch, failures: [] }),
      queue,
      groupOf: portGroupOf(plan),
      airtimeMs,
      leavesAfterPasses: true,
      ...(work.kind === 'pass' ? { reprobe: usualReprobe } : {}),
    })
    options.onTalking(session, airtimeMs)
    const outcome = await collecting
    const counters = session.reader.counters()
    await storeSums(options, hold.lease, { counters, repaired: outcome.repaired }, windowStart, clock.now())
    return {
      kind: mayPoll(options) ? 'passed' : 'interrupted',
      ...outcome,
      probeAt: work.kind === 'probe' ? work.probeAt : passBegun === null ? null : outcome.probeAt,
      counters,
    }
  } finally {
    queue.close()
    session.reader.close()
  }
}

/** Before each due point: are we still allowed to talk? */
function guarded(session: LineSession, options: PassOptions): LineReader {
  const { clock, onRead } = options
  return {
    ...session.reader,
    ready: async (deadline) =>
      mayPoll(options) && session.reader.ready(Math.min(deadline, clock.now() + connectPatienceMs)),
    async read(due) {
      const outcome = await session.reader.read(due)
      if (outcome.kind === 'read') onRead?.(due)
      return outcome
    },
  }
}

export function mayTalk(hold: LineHold): boolean {
  return !hold.signal.aborted && hold.isSafe()
}

/** What can be kept nowhere is not asked for. */
function mayPoll({ hold, hasRoom }: PassOptions): boolean {
  return mayTalk(hold) && hasRoom()
}

/** Of a pass that was cut short, what it did not get to is no failure: it is tried again at once, here or elsewhere. */
async function storeBatch(options: PassOptions, batch: CollectedBatch): Promise<void> {
  const { clock, hold, store, onStored } = options
  const failures = mayPoll(options) ? batch.failures : batch.failures.filter(({ cause }) => !notTried.has(cause))
  const stored = await store({
    lease: hold.lease,
    recordedAt: clock.now(),
    readings: batch.readings,
    failures,
    quarantined: [],
    statistics: null,
  })
  if (stored !== null) onStored(stored)
}

const notTried: ReadonlySet<string> = new Set<FailureCause>(['line_down', 'window_over'])

async function storeFailures(options: PassOptions, due: readonly OpenRead[], cause: FailureCause): Promise<void> {
  const failedAt = options.clock.now()
  if (due.length === 0) return
  await storeBatch(options, {
    readings: [],
    failures: due.map(({ meterId, readAt }) => ({ meterId, readAt, cause, failedAt })),
  })
}
