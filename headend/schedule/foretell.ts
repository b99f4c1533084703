import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { dayMs } from '../../domain/time.js'
import type { Database, Queryable } from '../../storage/database.js'
import {
  type ForecastFact,
  insertCompletion,
  insertForecast,
  lastMeasuredOf,
  type MeasuredLine,
} from '../../storage/headend/window-forecasts.js'
import type { LineOutcome } from '../acquisition/collect-line.js'
import type { OpenRead } from '../acquisition/line-reader.js'
import type { Line } from '../line-settings.js'
import type { LineCounters } from '../sessions/line-counters.js'
import { measuredSpeed } from './airtime.js'
import { type ForecastBus, forecastLine, type LineForecast } from './line-forecast.js'

/** Measurements older than this say nothing of today's line. */
const oldestMeasurementMs = 60 * dayMs
const million = 1_000_000

/** A window that was foretold, so that what it takes can be recorded beside it. */
export interface ForetoldWindow {
  readonly forecast: LineForecast
  readonly complete: (outcome: Pick<LineOutcome, 'due' | 'read'>, counters: LineCounters, now: Instant) => Promise<void>
}

interface ForecastSpan {
  readonly end: Instant
  readonly passStarts: readonly Instant[]
}

interface WindowToForetell {
  readonly due: readonly OpenRead[]
  readonly window: ForecastSpan & { readonly start: Instant }
  readonly now: Instant
  readonly quirksOf: ForecastBus['quirksOf']
}

/** A line whose bytes we know to count. */
export type SeenBus = Exclude<Line, { readonly kind: 'modbus_tcp' | 'mqtt_concentrator' }>

/** What goes on behind a gateway or a concentrator nobody can foretell. */
export function isSeenBus(line: Line): line is SeenBus {
  return line.kind !== 'modbus_tcp' && line.kind !== 'mqtt_concentrator'
}

/** What was measured on lines, with which their windows are foretold. */
export function measuredSpeeds(
  queryable: Queryable,
  lineIds: readonly LineId[],
  now: Instant,
): Promise<ReadonlyMap<LineId, MeasuredLine>> {
  return lastMeasuredOf(queryable, { lineIds, since: now - oldestMeasurementMs })
}

export function toSpeed(measured: MeasuredLine | undefined): ForecastBus['measured'] {
  if (measured === undefined) return null
  return { turnaroundMs: measured.turnaroundUs / 1000, lossShare: measured.lossPpm / million }
}

/** What a window on a bus will take at a speed; `passStarts` and `end` as instants. */
export function forecastBus(
  { settings }: SeenBus,
  measured: ForecastBus['measured'],
  { due, window, quirksOf }: Pick<WindowToForetell, 'due' | 'quirksOf'> & { readonly window: ForecastSpan },
): LineForecast {
  const protocol = 'wakeUpBytes' in settings ? 'dlt645' : 'modbus_rtu'
  return forecastLine({ protocol, timing: settings, measured, quirksOf }, due, window)
}

/** What a window will take, from what was measured on its line last; null on a line whose bus we do not see. */
export async function forecastWindowOf(
  queryable: Queryable,
  line: Line,
  { due, window, now, quirksOf }: WindowToForetell,
): Promise<LineForecast | null> {
  if (!isSeenBus(line)) return null
  const measured = await measuredSpeeds(queryable, [line.lineId], now)
  const { passStarts, end } = window
  // A window that is begun late has what is left of it, and tries once what it would have tried by then.
  const left = passStarts.filter((_, pass) => (passStarts[pass + 1] ?? Number.POSITIVE_INFINITY) > now)
  const span = { passStarts: left.map((start) => Math.max(start, now)), end }
  return forecastBus(line, toSpeed(measured.get(line.lineId)), { due, quirksOf, window: span })
}

/** As it is recorded. */
export function toForecastFact(
  { lineId }: Pick<Line, 'lineId'>,
  forecast: LineForecast,
  { windowStart, now }: { readonly windowStart: Instant; readonly now: Instant },
): ForecastFact {
  return {
    lineId,
    windowStart,
    jobs: forecast.jobs,
    airtimeMs: Math.ceil(forecast.airtimeMs),
    predictedEnd: Math.ceil(forecast.endsAt),
    unfitJobs: forecast.unfit.length,
    missingMs: Math.ceil(forecast.missingMs),
    turnaroundUs: Math.round(forecast.speed.turnaroundMs * 1000),
    lossPpm: Math.round(forecast.speed.lossShare * million),
    recordedAt: now,
  }
}

/** Says what the window will take and records it; null on a line whose bus we do not see. */
export async function foretellWindow(
  database: Database,
  line: Line,
  wanted: WindowToForetell,
): Promise<ForetoldWindow | null> {
  const forecast = await forecastWindowOf(database, line, wanted)
  if (forecast === null || !isSeenBus(line)) return null
  const { lineId, settings } = line
  const { window, now } = wanted
  const ordinal = await insertForecast(database, toForecastFact(line, forecast, { windowStart: window.start, now }))
  return {
    forecast,
    async complete(outcome, counters, at) {
      const speed = measuredSpeed(counters, settings.baud)
      await insertCompletion(database, {
        lineId,
        windowStart: window.start,
        ordinal,
        jobs: outcome.due,
        done: outcome.read,
        airtimeMs: counters.airtimeMs + counters.requests * settings.requestGapMs,
        achievedEnd: at,
        turnaroundUs: speed === null ? null : Math.round(speed.turnaroundMs * 1000),
        lossPpm: speed === null ? null : Math.min(million - 1, Math.round(speed.lossShare * million)),
        recordedAt: at,
      })
    },
  }
}
