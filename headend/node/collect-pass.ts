import type { LineId } from '../../domain/reading.js'
import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import { type Instant, secondMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { missingDueReads } from '../../storage/headend/due-reads.js'
import { storeCollected } from '../../storage/headend/store-collected.js'
import type { CollectedBatch } from '../acquisition/attempt-log.js'
import { collectLine, type LineOutcome } from '../acquisition/collect-line.js'
import { missingSpan, modelsOf, sessionOf, sessionThrough, storeSums } from '../acquisition/collect-window.js'
import type { FailureCause } from '../acquisition/failure-cause.js'
import type { LineReader, OpenRead } from '../acquisition/line-reader.js'
import { inOrderOfTrying } from '../acquisition/order-of-trying.js'
import type { Line } from '../line-settings.js'
import { foretellWindow } from '../schedule/foretell.js'
import type { StoredCounts } from '../metrics/head-end-metrics.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import { type LineCounters, noTraffic } from '../sessions/line-counters.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import type { LineSession } from '../transports/line-session.js'
import type { LineHold } from './line-hold.js'
import type { PassOutcome } from './next-step.js'

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
  /** No pass follows in this window: what nobody got to try is recorded now. */
  readonly isLast: boolean
  /** A way to the meters of a concentrator that may lose what it has read. */
  readonly gapLine: (lineId: LineId) => Dlt645Line | null
  /** Narrows what is asked for, for a pass that a person began. */
  readonly wants?: (due: OpenRead) => boolean
  /** Serves reads that somebody waits for; comes between two exchanges. */
  readonly serveUrgent: (session: LineSession) => Promise<void>
  readonly onStored: (counts: StoredCounts) => void
  readonly onRead?: () => void
}

export type PassReport = PassOutcome &
  LineOutcome & {
    readonly counters: LineCounters
    /** Airtime that was foretold; 0 where nobody can tell. */
    readonly predictedMs: number
  }

/** A line that does not open within this time is tried again later, with a growing delay. */
const connectPatienceMs = 10 * secondMs

/** Tries each open due point of a line once, under its lease. A pass that is cut short leaves no trace but what it read. */
export async function collectPass(options: PassOptions): Promise<PassReport> {
  const { database, clock, plan, line, midnight, wants = () => true } = options
  const missing = (await missingDueReads(database, missingSpan(plan, line, midnight, clock.now()))).filter(wants)
  if (missing.length === 0) return nothingMissing
  if (line.kind !== 'mqtt_concentrator') return talk(options, sessionOf(options, line, midnight), missing)
  const behind = options.isLast ? options.gapLine(line.lineId) : null
  if (behind === null) return lookAtUploads(options, missing)
  return talk(options, sessionThrough(behind, { clock, plan, newestMidnight: midnight }), missing)
}

const nothingMissing: PassReport = {
  kind: 'passed',
  due: 0,
  read: 0,
  repaired: 0,
  open: 0,
  counters: noTraffic,
  predictedMs: 0,
}

/** A concentrator delivers by itself; what has not come when its window closes, and cannot be asked for through it, has failed. */
async function lookAtUploads(options: PassOptions, missing: readonly OpenRead[]): Promise<PassReport> {
  if (options.isLast) await storeFailures(options, missing, 'no_upload')
  return { ...nothingMissing, due: missing.length, open: missing.length }
}

async function talk(options: PassOptions, session: LineSession, due: readonly OpenRead[]): Promise<PassReport> {
  const { database, clock, plan, line, hold, windowStart, end, isLast } = options
  try {
    if (!(await session.reader.ready(Math.min(end, clock.now() + connectPatienceMs)))) {
      if (isLast) await storeFailures(options, due, 'line_down')
      return { ...nothingMissing, kind: 'line_down', due: due.length, open: due.length }
    }
    const passStarts = [clock.now()]
    const modelQuirks = modelsOf(plan)
    const groupOf = ({ model }: OpenRead) => modelQuirks(model).parity ?? ''
    const foretold = await foretellWindow(database, line, {
      due: inOrderOfTrying(due, groupOf),
      window: { start: windowStart, end, passStarts },
      now: clock.now(),
      quirksOf: modelQuirks,
    })
    const outcome = await collectLine({
      clock,
      reader: guarded(session, options),
      due,
      passStarts,
      end,
      store: (batch) => storeBatch(options, batch),
      groupOf,
      airtimeMs: (each) => foretold?.forecast.airtimeMsOf(each) ?? 0,
    })
    const counters = session.reader.counters()
    await foretold?.complete(outcome, counters, clock.now())
    await storeSums(database, hold.lease, { counters, repaired: outcome.repaired }, windowStart, clock.now())
    return {
      kind: mayTalk(hold) ? 'passed' : 'interrupted',
      ...outcome,
      counters,
      predictedMs: Math.ceil(foretold?.forecast.airtimeMs ?? 0),
    }
  } finally {
    session.reader.close()
  }
}

/** Before each due point: are we still allowed to talk, and does somebody wait for an answer? */
function guarded(session: LineSession, { hold, clock, serveUrgent, onRead }: PassOptions): LineReader {
  return {
    ...session.reader,
    async ready(deadline) {
      if (!mayTalk(hold)) return false
      await serveUrgent(session)
      return mayTalk(hold) && session.reader.ready(Math.min(deadline, clock.now() + connectPatienceMs))
    },
    async read(due) {
      const outcome = await session.reader.read(due)
      if (outcome.kind === 'read') onRead?.()
      return outcome
    },
  }
}

function mayTalk(hold: LineHold): boolean {
  return !hold.signal.aborted && hold.isSafe()
}

/** Of a pass that was cut short, what it did not get to is no failure: it is tried again at once, here or elsewhere. */
async function storeBatch({ database, clock, hold, onStored }: PassOptions, batch: CollectedBatch): Promise<void> {
  const failures = mayTalk(hold) ? batch.failures : batch.failures.filter(({ cause }) => !notTried.has(cause))
  const stored = await storeCollected(database, {
    lease: hold.lease,
    recordedAt: clock.now(),
    readings: batch.readings,
    failures,
    quarantined: [],
    statistics: null,
  })
  onStored(stored)
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
