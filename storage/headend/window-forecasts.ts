import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Parameter, Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** What a window on a line was expected to take. Durations in whole milliseconds, rounded up. */
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

/** What is said of a window before it opens, once, whoever says it first. @returns whether nobody had. */
export async function insertForecastAhead(queryable: Queryable, forecast: ForecastFact): Promise<boolean> {
  const inserted = await queryable.execute(
    `insert into window_forecast (line_id, window_start, ordinal, jobs, airtime_ms, predicted_end, unfit_jobs, missing_ms,
                                  turnaround_us, loss_ppm, recorded_at)
     values ($1, $2, 0, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    columnsOf(forecast),
  )
  return inserted === 1
}

/** Lines of which a window has been foretold before it opened. */
export async function foretoldLines(queryable: Queryable, windowStart: Instant): Promise<ReadonlySet<LineId>> {
  const rows = await queryable.query<{ readonly line_id: LineId }>(
    'select line_id from window_forecast where window_start = $1 and ordinal = 0',
    [toTimestamptz(windowStart)],
  )
  return new Set(rows.map(({ line_id }) => line_id))
}

/** A node that begins a window says anew what it will take, and again after a restart. @returns its number within the window, from 1. */
export async function insertForecast(queryable: Queryable, forecast: ForecastFact): Promise<number> {
  const rows = await queryable.query<{ readonly ordinal: number }>(
    `insert into window_forecast (line_id, window_start, ordinal, jobs, airtime_ms, predicted_end, unfit_jobs, missing_ms,
                                  turnaround_us, loss_ppm, recorded_at)
     select $1, $2, 1 + count(*) filter (where ordinal > 0), $3, $4, $5, $6, $7, $8, $9, $10
       from window_forecast where line_id = $1 and window_start = $2
     returning ordinal`,
    columnsOf(forecast),
  )
  return rows[0]?.ordinal ?? 0
}

function columnsOf(forecast: ForecastFact): readonly Parameter[] {
  return [
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
  ]
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

/** Microseconds, and lost exchanges in a million. */
export interface MeasuredLine {
  readonly turnaroundUs: number
  readonly lossPpm: number
}

/** What the last windows in which anybody answered measured on the line, on average; null before the first. `since` bounds the search. */
export async function lastMeasured(
  queryable: Queryable,
  { lineId, since }: { readonly lineId: LineId; readonly since: Instant },
): Promise<MeasuredLine | null> {
  const measured = await lastMeasuredOf(queryable, { lineIds: [lineId], since })
  return measured.get(lineId) ?? null
}

/** The same of many lines; those on which nothing was measured are left out. */
export async function lastMeasuredOf(
  queryable: Queryable,
  { lineIds, since }: { readonly lineIds: readonly LineId[]; readonly since: Instant },
): Promise<ReadonlyMap<LineId, MeasuredLine>> {
  const rows = await queryable.query<{
    readonly line_id: LineId
    readonly turnaround_us: number
    readonly loss_ppm: number
  }>(
    `select w.line_id, m.turnaround_us, m.loss_ppm
       from unnest($1::bigint[]) w (line_id)
      cross join lateral (
        select avg(turnaround_us)::int as turnaround_us, avg(loss_ppm)::int as loss_ppm
          from (select turnaround_us, loss_ppm from window_completion c
                 where c.line_id = w.line_id and c.window_start >= $2 and c.turnaround_us is not null
                 order by c.window_start desc, c.ordinal desc limit $3) last
        having count(*) > 0) m`,
    [lineIds.map(String), toTimestamptz(since), windowsAveraged],
  )
  return new Map(
    rows.map(({ line_id, turnaround_us, loss_ppm }) => [line_id, { turnaroundUs: turnaround_us, lossPpm: loss_ppm }]),
  )
}
