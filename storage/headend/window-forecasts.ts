import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** What a window on a line was expected to take before it opened. Durations in whole milliseconds, rounded up. */
export interface ForecastFact {
  readonly lineId: LineId
  readonly windowStart: Instant
  readonly jobs: number
  readonly airtimeMs: number
  readonly predictedEnd: Instant
  readonly unfitJobs: number
  readonly missingMs: number
  /** What was taken for measured: microseconds, and lost exchanges in a million. */
  readonly turnaroundUs: number
  readonly lossPpm: number
  readonly recordedAt: Instant
}

/** What it took. What was measured is null where nobody answered. */
export interface CompletionFact {
  readonly lineId: LineId
  readonly windowStart: Instant
  readonly ordinal: number
  readonly jobs: number
  readonly done: number
  readonly airtimeMs: number
  readonly achievedEnd: Instant
  readonly turnaroundUs: number | null
  readonly lossPpm: number | null
  readonly recordedAt: Instant
}

/** Losses of one night are too few to foretell the next from. */
const windowsAveraged = 7

/** A window that is begun again after a restart gets a forecast of its own. @returns its number within the window, from 1. */
export async function insertForecast(queryable: Queryable, forecast: ForecastFact): Promise<number> {
  const rows = await queryable.query<{ readonly ordinal: number }>(
    `insert into window_forecast (line_id, window_start, ordinal, jobs, airtime_ms, predicted_end, unfit_jobs, missing_ms,
                                  turnaround_us, loss_ppm, recorded_at)
     select $1, $2, 1 + count(*), $3, $4, $5, $6, $7, $8, $9, $10
       from window_forecast where line_id = $1 and window_start = $2
     returning ordinal`,
    [
      forecast.lineId,
      toTimestamptz(forecast.windowStart),
      forecast.jobs,
      forecast.airtimeMs,
      toTimestamptz(forecast.predictedEnd),
      forecast.unfitJobs,
      forecast.missingMs,
      forecast.turnaroundUs,
      forecast.lossPpm,
      toTimestamptz(forecast.recordedAt),
    ],
  )
  return rows[0]?.ordinal ?? 0
}

export async function insertCompletion(queryable: Queryable, completion: CompletionFact): Promise<void> {
  await queryable.execute(
    `insert into window_completion (line_id, window_start, ordinal, jobs, done, airtime_ms, achieved_end,
                                    turnaround_us, loss_ppm, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    [
      completion.lineId,
      toTimestamptz(completion.windowStart),
      completion.ordinal,
      completion.jobs,
      completion.done,
      completion.airtimeMs,
      toTimestamptz(completion.achievedEnd),
      completion.turnaroundUs,
      completion.lossPpm,
      toTimestamptz(completion.recordedAt),
    ],
  )
}

/** What the last windows in which anybody answered measured on the line, on average; null before the first. `since` bounds the search. */
export async function lastMeasured(
  queryable: Queryable,
  { lineId, since }: { readonly lineId: LineId; readonly since: Instant },
): Promise<{ readonly turnaroundUs: number; readonly lossPpm: number } | null> {
  const rows = await queryable.query<{ readonly turnaround_us: number; readonly loss_ppm: number }>(
    `select avg(turnaround_us)::int as turnaround_us, avg(loss_ppm)::int as loss_ppm
       from (select turnaround_us, loss_ppm from window_completion
              where line_id = $1 and window_start >= $2 and turnaround_us is not null
              order by window_start desc, ordinal desc limit $3) last
     having count(*) > 0`,
    [lineId, toTimestamptz(since), windowsAveraged],
  )
  const [row] = rows
  return row === undefined ? null : { turnaroundUs: row.turnaround_us, lossPpm: row.loss_ppm }
}
