import type { Instant } from '../../domain/time.js'
import { dayMs } from '../../domain/time.js'
import type { Database, Queryable } from '../../storage/database.js'
import { insertCompletion, insertForecast, lastMeasured } from '../../storage/headend/window-forecasts.js'
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

interface WindowToForetell {
  readonly due: readonly OpenRead[]
  readonly window: { readonly start: Instant; readonly end: Instant; readonly passStarts: readonly Instant[] }
  readonly now: Instant
  readonly quirksOf: ForecastBus['quirksOf']
}

/** What a window will take, from what was measured on its line last; null on a line whose bus we do not see. */
export async function forecastWindowOf(
  queryable: Queryable,
  line: Line,
  { due, window, now, quirksOf }: WindowToForetell,
): Promise<LineForecast | null> {
  if (line.kind === 'modbus_tcp' || line.kind === 'mqtt_concentrator') return null
  const { lineId, settings } = line
  const measured = await lastMeasured(queryable, { lineId, since: now - oldestMeasurementMs })
  const { passStarts } = window
  return forecastLine(
    {
      protocol: 'wakeUpBytes' in settings ? 'dlt645' : 'modbus_rtu',
      timing: settings,
      measured:
        measured === null
          ? null
          : { turnaroundMs: measured.turnaroundUs / 1000, lossShare: measured.lossPpm / million },
      quirksOf,
    },
    due,
    {
      // A window that is begun late has what is left of it, and tries once what it would have tried by then.
      passStarts: passStarts
        .filter((_, pass) => (passStarts[pass + 1] ?? Number.POSITIVE_INFINITY) > now)
        .map((start) => Math.max(start, now)),
      end: window.end,
    },
  )
}

/** Says what the window will take and records it; null on a line whose bus we do not see. */
export async function foretellWindow(
  database: Database,
  line: Line,
  wanted: WindowToForetell,
): Promise<ForetoldWindow | null> {
  const forecast = await forecastWindowOf(database, line, wanted)
  if (forecast === null || line.kind === 'modbus_tcp' || line.kind === 'mqtt_concentrator') return null
  const { lineId, settings } = line
  const { window, now } = wanted
  const ordinal = await insertForecast(database, {
    lineId,
    windowStart: window.start,
    jobs: forecast.jobs,
    airtimeMs: Math.ceil(forecast.airtimeMs),
    predictedEnd: Math.ceil(forecast.endsAt),
    unfitJobs: forecast.unfit.length,
    missingMs: Math.ceil(forecast.missingMs),
    turnaroundUs: Math.round(forecast.speed.turnaroundMs * 1000),
    lossPpm: Math.round(forecast.speed.lossShare * million),
    recordedAt: now,
  })
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
