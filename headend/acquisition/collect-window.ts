import type { LineId } from '../../domain/reading.js'
import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import type { Calendar, Instant } from '../../domain/time.js'
import { dayMs, minuteMs } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { lastLaidMidnight, layDueReads, missingDueReads } from '../../storage/headend/due-reads.js'
import { ensureWorkingPartitions } from '../../storage/time-series.js'
import type { LineLease } from '../../storage/headend/line-lease.js'
import { type LineBatch, type MeterTally, storeCollected } from '../../storage/headend/store-collected.js'
import type { LeaseKeeper } from '../ingest/lease-keeper.js'
import type { Line } from '../line-settings.js'
import type { LineSubject } from '../../storage/headend/plan-subjects.js'
import { schedulesFor, spanOf, type WindowSpan } from '../plan/plan-coverage.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { foretellWindow } from '../schedule/foretell.js'
import { noTraffic } from '../sessions/line-counters.js'
import type { TalkRight } from '../sessions/talk-right.js'
import { createDlt645Reader } from '../transports/dlt645-reader.js'
import { type AskedLine, type LineSession, openLineSession } from '../transports/line-session.js'
import type { CollectedBatch } from './attempt-log.js'
import { collectLine } from './collect-line.js'
import { catchUpDays, dueMidnights } from './due-midnights.js'
import type { LineReader, OpenRead } from './line-reader.js'
import { modelsOf } from './models-of.js'
import { portGroupOf, prepareDue } from './prepare-due.js'
import { tallyMeters, type TallyingReader } from './tally-meters.js'
import { watchUploads } from './watch-uploads.js'
import type { LineReport } from './window-report.js'

export interface CollectionRuntime {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly serialPorts: SerialPorts
  /** The revision in force. */
  readonly plan: CollectionPlan
  readonly leases: LeaseKeeper
  /** A line to the meters of a concentrator that may lose what it has read; null for one that keeps it, or lets no frames through. */
  readonly gapLine: (lineId: LineId) => Dlt645Line | null
}

/** A lease outlives its window by this, for the last batch. */
const leaseMarginMs = 10 * minuteMs

export interface LaidWindow {
  /** Due points that are new. */
  readonly laid: number
  /** Midnights missed so long ago that nothing was laid down for them. */
  readonly dropped: readonly Instant[]
}

/** Lays down the due points of a midnight, and of those that no window ran for, in one time zone. */
export async function layWindow(
  { database, clock }: { readonly database: Database | Transaction; readonly clock: Pick<Clock, 'now'> },
  midnight: Instant,
  zone: { readonly timeZone: string; readonly calendar: Calendar },
): Promise<LaidWindow> {
  const recentFrom = midnight - catchUpDays * dayMs
  const last = await lastLaidMidnight(database, { timeZone: zone.timeZone, recentFrom })
  await ensureWorkingPartitions(database, midnight)
  const { midnights, dropped } = dueMidnights(last, midnight, zone.calendar)
  let laid = 0
  for (const each of midnights) {
    laid += await layDueReads(database, { midnight: each, timeZone: zone.timeZone, recordedAt: clock.now() })
  }
  return { laid, dropped }
}

/** One line's share of a window: what is due and what earlier windows left, read and stored with the line's sums. */
export async function collectLineWindow(
  runtime: CollectionRuntime,
  line: Line,
  subject: LineSubject,
  midnight: Instant,
): Promise<LineReport> {
  const [schedule] = schedulesFor(runtime.plan, 'daily_freeze', subject)
  if (schedule === undefined) return { ...nothing(line), status: 'not_planned' }
  const span = spanOf(schedule, midnight)
  const { clock } = runtime
  const until = Math.max(span.end, clock.now()) + leaseMarginMs
  const lease = await runtime.leases.acquire(line.lineId, until - clock.now())
  if (lease === null) return { ...nothing(line), status: 'not_owner' }
  const right = { isSafe: () => clock.now() < until }
  return collectUnderLease(runtime, { line, lease, right, midnight, span })
}

interface OwnedWindow {
  readonly line: Line
  readonly lease: LineLease
  readonly right: TalkRight
  readonly midnight: Instant
  readonly span: WindowSpan
}

async function collectUnderLease(
  runtime: CollectionRuntime,
  { line, lease, right, midnight, span }: OwnedWindow,
): Promise<LineReport> {
  const { database, clock, plan } = runtime
  const missing = () => missingDueReads(database, missingSpan(plan, line, midnight, clock.now()))
  const { passStarts } = span
  const batch = { lease, quarantined: [], statistics: null }
  const store = async (collected: CollectedBatch): Promise<void> => {
    await storeCollected(database, { ...batch, ...collected, recordedAt: clock.now() })
  }
  if (line.kind === 'mqtt_concentrator') {
    const behind = runtime.gapLine(line.lineId)
    if (behind === null) return { ...nothing(line), ...(await watchUploads({ clock, missing, passStarts, store })) }
    const { reader } = sessionThrough(behind, { clock, plan, newestMidnight: midnight, right })
    const fillGaps = (due: readonly OpenRead[]) =>
      collectLine({ clock, reader, due, passStarts: [clock.now()], end: span.end, store })
    const outcome = await watchUploads({ clock, missing, passStarts, store, fillGaps })
    return { ...nothing(line), ...outcome, counters: reader.counters() }
  }
  const reader = tallyMeters(sessionOf({ ...runtime, right }, line, midnight).reader, clock)
  const begunAt = clock.now()
  const due = await prepareDue(database, plan, { missing: await missing(), midnight })
  const foretold = await foretellWindow(database, line, {
    due,
    window: { ...span, passStarts },
    now: clock.now(),
    quirksOf: modelsOf(plan),
  })
  try {
    const outcome = await collectLine({
      clock,
      reader,
      due,
      passStarts,
      end: span.end,
      store,
      groupOf: portGroupOf(plan),
      airtimeMs: (each) => foretold?.forecast.airtimeMsOf(each) ?? 0,
    })
    const report: LineReport = { ...nothing(line), ...outcome, counters: reader.counters() }
    await foretold?.complete(outcome, report.counters, clock.now())
    const storeSummed = (summed: LineBatch) => storeCollected(database, summed)
    const meters = tallyOf(reader, begunAt)
    await storeSums({ store: storeSummed }, lease, { ...report, meters }, span.start, clock.now())
    return report
  } finally {
    reader.close()
  }
}

/** Which due points a window asks for. What is read live stands for its own midnight only. */
export function missingSpan(plan: CollectionPlan, line: Line, midnight: Instant, now: Instant) {
  const { backfillDays, noFreezeLimit } = plan.ladder
  return {
    lineId: line.lineId,
    from: isReadLive(line) ? midnight : midnight - backfillDays * dayMs,
    through: midnight,
    now,
    noFreezeLimit,
  }
}

/** Meters without a freeze memory: nothing of yesterday can be had from them today. */
export function isReadLive({ kind }: Line): boolean {
  return kind.startsWith('modbus_')
}

/** One stretch is what a node reads without a pause; it is known by the moment at which it begins. */
export function tallyOf(reader: TallyingReader, begunAt: Instant): MeterTally {
  return { windowKey: `freezes-${begunAt}`, each: reader.takeTally() }
}

/** The sums of one stretch of a window. */
export async function storeSums(
  { store }: { readonly store: (batch: LineBatch) => Promise<unknown> },
  lease: LineLease,
  { counters, repaired, meters }: Pick<LineReport, 'counters' | 'repaired'> & { readonly meters: MeterTally },
  windowStart: Instant,
  recordedAt: Instant,
): Promise<void> {
  await store({
    lease,
    recordedAt,
    readings: [],
    failures: [],
    quarantined: [],
    statistics: { ...counters, repaired, windowStart, windowKey: 'window' },
    meters,
  })
}

/** Meters are spoken to as the plan says of their models. */
export function sessionOf(
  {
    clock,
    network,
    serialPorts,
    plan,
    right,
  }: Pick<CollectionRuntime, 'clock' | 'network' | 'serialPorts' | 'plan'> & { readonly right: TalkRight },
  line: AskedLine,
  newestMidnight: Instant,
): LineSession {
  return openLineSession({
    clock,
    network,
    serialPorts,
    line,
    newestMidnight,
    quirksOf: modelsOf(plan),
    right,
  })
}

/** Reads through a concentrator; a line of null lets nothing through. */
export function sessionThrough(
  line: Dlt645Line | null,
  {
    clock,
    plan,
    newestMidnight,
    right,
  }: {
    readonly clock: Clock
    readonly plan: CollectionPlan
    readonly newestMidnight: Instant
    readonly right: TalkRight
  },
): LineSession {
  if (line === null) return { reader: closedReader, dlt645: null, modbus: null }
  const dlt645 = line.under(right)
  const reader = createDlt645Reader({ clock, line: dlt645, newestMidnight, parity: 'even', quirksOf: modelsOf(plan) })
  return { reader, dlt645, modbus: null }
}

const closedReader: LineReader = {
  ready: () => Promise.resolve(false),
  read: () => Promise.resolve({ kind: 'failed', cause: 'line_down' }),
  counters: () => noTraffic,
  close: () => undefined,
}

function nothing({ lineId, code }: Line): LineReport {
  return {
    lineId,
    code,
    status: 'collected',
    due: 0,
    read: 0,
    repaired: 0,
    open: 0,
    counters: noTraffic,
  }
}
