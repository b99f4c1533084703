import { type MeterQuirks, type ModelQuirks, quirksOf } from '../../domain/meter-quirks.js'
import type { LineId } from '../../domain/reading.js'
import { unreachable } from '../../domain/result.js'
import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import type { Calendar, Instant } from '../../domain/time.js'
import { dayMs, minuteMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { lastLaidMidnight, layDueReads, missingDueReads } from '../../storage/headend/due-reads.js'
import { ensureWorkingPartitions } from '../../storage/time-series.js'
import { silentWindows } from '../../storage/headend/silent-meters.js'
import type { LineLease } from '../../storage/headend/line-lease.js'
import { storeCollected } from '../../storage/headend/store-collected.js'
import type { LeaseKeeper } from '../ingest/lease-keeper.js'
import type { Line } from '../line-settings.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { foretellWindow } from '../schedule/foretell.js'
import { noTraffic } from '../sessions/line-counters.js'
import { createDlt645Reader } from '../transports/dlt645-reader.js'
import { type AskedLine, type LineSession, openLineSession } from '../transports/line-session.js'
import type { CollectedBatch } from './attempt-log.js'
import { collectLine } from './collect-line.js'
import { type CollectionPolicy, type CollectionWindow, spanOf } from './collection-policy.js'
import { catchUpDays, dueMidnights } from './due-midnights.js'
import type { OpenRead } from './line-reader.js'
import { inOrderOfTrying } from './order-of-trying.js'
import { watchUploads } from './watch-uploads.js'
import type { LineReport } from './window-report.js'

export interface CollectionRuntime {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly serialPorts: SerialPorts
  /** Quirks of the meters by their model. */
  readonly models: ModelQuirks
  readonly policy: CollectionPolicy
  readonly leases: LeaseKeeper
  /** A line to the meters of a concentrator that may lose what it has read; null for one that keeps it, or lets no frames through. */
  readonly gapLine: (lineId: LineId) => Dlt645Line | null
}

/** A lease outlives its window by this, for the last batch. */
const leaseMarginMs = 10 * minuteMs

/** Lays down the due points of a midnight, and of those that no window ran for, in one time zone. @returns their number. */
export async function layWindow(
  { database, clock }: CollectionRuntime,
  midnight: Instant,
  zone: { readonly timeZone: string; readonly calendar: Calendar },
): Promise<number> {
  const recentFrom = midnight - catchUpDays * dayMs
  const last = await lastLaidMidnight(database, { timeZone: zone.timeZone, recentFrom })
  await ensureWorkingPartitions(database, midnight)
  let laid = 0
  for (const each of dueMidnights(last, midnight, zone.calendar)) {
    laid += await layDueReads(database, { midnight: each, timeZone: zone.timeZone, recordedAt: clock.now() })
  }
  return laid
}

/** One line's share of a window: what is due and what earlier windows left, read and stored with the line's sums. */
export async function collectLineWindow(
  runtime: CollectionRuntime,
  line: Line,
  midnight: Instant,
): Promise<LineReport> {
  const { database, clock, policy } = runtime
  const window = windowOf(policy, line)
  const span = spanOf(window, midnight)
  const lease = await runtime.leases.acquire(line.lineId, span.end + leaseMarginMs)
  if (lease === null) return { ...nothing(line), status: 'not_owner' }
  const missing = () =>
    missingDueReads(database, {
      lineId: line.lineId,
      from: windowOf(policy, line) === policy.live ? midnight : midnight - policy.backfillDays * dayMs,
      through: midnight,
      now: clock.now(),
      noFreezeLimit: policy.noFreezeLimit,
    })
  const passStarts = window.passesMs.map((offset) => midnight + offset)
  const batch = { lease, quarantined: [], statistics: null }
  const store = async (collected: CollectedBatch): Promise<void> => {
    await storeCollected(database, { ...batch, ...collected, recordedAt: clock.now() })
  }
  if (line.kind === 'mqtt_concentrator') {
    const behind = runtime.gapLine(line.lineId)
    if (behind === null) return { ...nothing(line), ...(await watchUploads({ clock, missing, passStarts, store })) }
    const reader = createDlt645Reader({
      clock,
      line: behind,
      newestMidnight: midnight,
      parity: 'even',
      quirksOf: modelsOf(runtime),
    })
    const fillGaps = (due: readonly OpenRead[]) =>
      collectLine({ clock, reader, due, passStarts: [clock.now()], end: span.end, store })
    const outcome = await watchUploads({ clock, missing, passStarts, store, fillGaps })
    return { ...nothing(line), ...outcome, counters: reader.counters() }
  }
  const { reader } = sessionOf(runtime, line, midnight)
  const modelQuirks = (model: string) => quirksOf(runtime.models, model)
  const groupOf = ({ model }: OpenRead) => modelQuirks(model).parity ?? ''
  const wanted = await missing()
  const silent = await silentWindows(database, {
    meterIds: [...new Set(wanted.map(({ meterId }) => meterId))],
    since: midnight - policy.backfillDays * dayMs,
  })
  const due = inOrderOfTrying(
    wanted.map((each) => ({ ...each, silentWindows: silent.get(each.meterId) ?? 0 })),
    groupOf,
  )
  const foretold = await foretellWindow(database, line, {
    due,
    window: { ...span, passStarts },
    now: clock.now(),
    quirksOf: modelQuirks,
  })
  try {
    const outcome = await collectLine({
      clock,
      reader,
      due,
      passStarts,
      end: span.end,
      store,
      groupOf,
      airtimeMs: (each) => foretold?.forecast.airtimeMsOf(each) ?? 0,
    })
    const report: LineReport = { ...nothing(line), ...outcome, counters: reader.counters() }
    await foretold?.complete(outcome, report.counters, clock.now())
    await storeSums(database, lease, report, span.start, clock.now())
    return report
  } finally {
    reader.close()
  }
}

async function storeSums(
  database: Database,
  lease: LineLease,
  { counters, repaired }: LineReport,
  windowStart: Instant,
  recordedAt: Instant,
): Promise<void> {
  await storeCollected(database, {
    lease,
    recordedAt,
    readings: [],
    failures: [],
    quarantined: [],
    statistics: { ...counters, repaired, windowStart, windowKey: 'window' },
  })
}

function windowOf(policy: CollectionPolicy, { kind }: Line): CollectionWindow {
  switch (kind) {
    case 'dlt645_tcp':
    case 'dlt645_serial':
      return policy.freezes
    case 'modbus_tcp':
    case 'modbus_rtu_tcp':
    case 'modbus_rtu_serial':
      return policy.live
    case 'mqtt_concentrator':
      return policy.uploads
    default:
      return unreachable(kind)
  }
}

function sessionOf(runtime: CollectionRuntime, line: AskedLine, newestMidnight: Instant): LineSession {
  const { clock, network, serialPorts } = runtime
  return openLineSession({
    clock,
    network,
    serialPorts,
    line,
    newestMidnight,
    quirksOf: modelsOf(runtime),
  })
}

function modelsOf({ models }: CollectionRuntime): (model: string) => MeterQuirks {
  return (model) => quirksOf(models, model)
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
