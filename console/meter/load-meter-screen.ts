import { dayMs, type Instant } from '../../domain/time.js'
import { type MeterPoint, pointsOfMeter } from '../../headend/accounting/meter-points.js'
import { accountSettingsAt } from '../../headend/accounting/settings-of-plan.js'
import type { Database } from '../../storage/database.js'
import { type ClockCheckRow, selectLastClockChecks } from '../../storage/headend/clock-checks.js'
import { type ConcentratorState, concentratorStates } from '../../storage/headend/concentrators.js'
import { type EventRow, selectEvents } from '../../storage/headend/events.js'
import { type ListedExemption, listExemptions } from '../../storage/headend/exemptions.js'
import { selectFrameTrace } from '../../storage/headend/frame-trace.js'
import {
  curveTails,
  type CurveTail,
  findMeterSite,
  type LastReading,
  lastReadingOf,
  type LastRelay,
  lastRelayOf,
  lineTrafficOf,
  type MeterSite,
  newestDueOf,
  type WaitingMeterOrder,
  waitingOrdersOf,
} from '../../storage/headend/meter-screen.js'
import {
  type CommunicationRow,
  communicationByLine,
  communicationByMeter,
} from '../../storage/headend/meter-statistics.js'
import { correctionsOfMeter, type ListedCorrection } from '../../storage/registry/corrections.js'
import { traceEntries, type TraceEntry, type TraceFailure } from '../frames/frame-trace.js'

/** Everything that somebody who is sent to a meter wants to know of it. Instants lie in (from, through] where a span is meant. */
export interface MeterScreen {
  readonly site: MeterSite
  readonly from: Instant
  readonly through: Instant
  readonly concentrator: ConcentratorState | null
  readonly lastReading: LastReading | null
  readonly points: readonly MeterPoint[]
  readonly communication: { readonly meter: CommunicationRow | null; readonly line: CommunicationRow | null }
  readonly clock: ClockCheckRow | null
  readonly relay: LastRelay | null
  readonly curves: readonly CurveTail[]
  readonly events: readonly EventRow[]
  readonly orders: readonly WaitingMeterOrder[]
  readonly exemptions: readonly ListedExemption[]
  readonly corrections: readonly ListedCorrection[]
  readonly frames: readonly (TraceEntry | TraceFailure)[]
}

/** No meter's freeze memory reaches further back. */
const lookBackMs = 62 * dayMs
const mostEvents = 10
const mostFrames = 6
const mostExemptions = 5
const mostCorrections = 5

/** The screen of a meter over the days up to what is due last; null for a code that no meter has. */
export async function loadMeterScreen(
  database: Database,
  code: string,
  { now, days }: { readonly now: Instant; readonly days: number },
): Promise<MeterScreen | null> {
  const site = await findMeterSite(database, code, now)
  if (site === null) return null
  const { meterId, lineId } = site
  // Counted from what is due last, so that the data of a demo, whose month is over, shows as well.
  const through = (await newestDueOf(database, meterId, now - 400 * dayMs)) ?? now
  const from = through - days * dayMs
  const longAgo = through - lookBackMs
  const settings = await accountSettingsAt(database, now)
  const span = { from, to: Math.max(now, through + dayMs) }
  const checks = await selectLastClockChecks(database, [meterId], span.to)
  const trace = await selectFrameTrace(database, meterId, { from, to: Math.min(span.to, through + 2 * dayMs) })
  return {
    site,
    from,
    through,
    concentrator:
      lineId === null || site.lineKind !== 'mqtt_concentrator'
        ? null
        : ((await concentratorStates(database, now)).get(lineId) ?? null),
    lastReading: await lastReadingOf(database, meterId, longAgo),
    points: await pointsOfMeter(database, site, { after: from, through, now, settings }),
    communication: lineId === null ? { meter: null, line: null } : await communicationOf(database, code, lineId, span),
    clock: checks[0] ?? null,
    relay: await lastRelayOf(database, meterId, longAgo),
    curves: await curveTails(database, meterId, from),
    events: (await selectEvents(database, meterId, { from: longAgo, to: span.to })).slice(0, mostEvents),
    orders: await waitingOrdersOf(database, meterId, now),
    exemptions: await listExemptions(database, { meterCode: code, waiting: false, limit: mostExemptions }),
    corrections: await correctionsOfMeter(database, meterId, mostCorrections),
    frames: traceEntries(trace).slice(-mostFrames),
  }
}

async function communicationOf(
  database: Database,
  code: string,
  lineId: bigint,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<MeterScreen['communication']> {
  const span = { from, to, lineId }
  const meters = await communicationByMeter(database, span)
  const lines = await communicationByLine(database, span)
  // Daily freezes are counted by line alone; sets of readings by meter, with how long answers took.
  const line = lines[0] ?? (await lineTrafficOf(database, lineId, span))
  return { meter: meters.find((row) => row.code === code) ?? null, line }
}
