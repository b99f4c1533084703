import type { LineId, MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Exchanges with one meter on one line in one window. */
export interface MeterStatistics {
  readonly meterId: MeterId
  readonly attempts: number
  readonly replies: number
  readonly timeouts: number
  readonly damaged: number
  readonly refused: number
  readonly roundTrips: readonly number[]
  readonly lastContactAt: Instant | null
}

export interface StatisticsWindow {
  readonly lineId: LineId
  readonly windowStart: Instant
  /** Tells the parts of one window apart; the same part is stored once. */
  readonly windowKey: string
  readonly recordedAt: Instant
}

export async function insertMeterStatistics(
  queryable: Queryable,
  statistics: readonly MeterStatistics[],
  { lineId, windowStart, windowKey, recordedAt }: StatisticsWindow,
): Promise<number> {
  const rows = statistics.map((each) => ({
    meter_id: each.meterId.toString(),
    line_id: lineId.toString(),
    window_start: toTimestamptz(windowStart),
    window_key: windowKey,
    attempts: each.attempts,
    replies: each.replies,
    timeouts: each.timeouts,
    damaged: each.damaged,
    refused: each.refused,
    round_trips: each.roundTrips,
    last_contact_at: each.lastContactAt === null ? null : toTimestamptz(each.lastContactAt),
    recorded_at: toTimestamptz(recordedAt),
  }))
  return queryable.execute(
    `insert into meter_statistics select r.* from json_populate_recordset(null::meter_statistics, $1) r
      order by meter_id on conflict do nothing`,
    [JSON.stringify(rows)],
  )
}

export interface CommunicationRow {
  /** Code of the meter, or of the line: a concentrator is a line of its own. */
  readonly code: string
  readonly attempts: bigint
  readonly replies: bigint
  readonly timeouts: bigint
  readonly damaged: bigint
  readonly refused: bigint
  /** By `domain/round-trips.ts`. */
  readonly round_trips: readonly bigint[]
  readonly last_contact_at: Instant | null
  /** Windows since the last answer in which something was asked and nobody answered. */
  readonly silent_windows: number
}

export interface StatisticsSpan {
  readonly from: Instant
  readonly to: Instant
  readonly lineId?: LineId
}

/** Communication of each meter in the windows that began in [from, to). */
export async function communicationByMeter(
  queryable: Queryable,
  { from, to, lineId }: StatisticsSpan,
): Promise<readonly CommunicationRow[]> {
  return queryable.query<CommunicationRow>(
    `with windows as (
       select meter_id as id, window_start, ${windowSums}
         from meter_statistics
        where window_start >= $1 and window_start < $2 and ($3::bigint is null or line_id = $3)
        group by meter_id, window_start)
     select m.code, ${spanSums} from ${heardOf} join meter m on m.meter_id = w.id group by m.code order by m.code`,
    [toTimestamptz(from), toTimestamptz(to), lineId ?? null],
  )
}

/** The same of each line, which for concentrators is each concentrator. */
export async function communicationByLine(
  queryable: Queryable,
  { from, to, lineId }: StatisticsSpan,
): Promise<readonly CommunicationRow[]> {
  return queryable.query<CommunicationRow>(
    `with windows as (
       select line_id as id, window_start, ${windowSums}
         from meter_statistics
        where window_start >= $1 and window_start < $2 and ($3::bigint is null or line_id = $3)
        group by line_id, window_start)
     select l.code, ${spanSums} from ${heardOf} join line l on l.line_id = w.id group by l.code order by l.code`,
    [toTimestamptz(from), toTimestamptz(to), lineId ?? null],
  )
}

const buckets = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const
const counters = ['attempts', 'replies', 'timeouts', 'damaged', 'refused'] as const

const windowSums = [
  ...counters.map((name) => `sum(${name}) as ${name}`),
  ...buckets.map((bucket) => `sum(round_trips[${bucket}]) as bucket${bucket}`),
  'max(last_contact_at) as last_contact_at',
].join(', ')

/** Each window with the last one in which something was heard. */
const heardOf = `(select *, max(window_start) filter (where replies > 0) over (partition by id) as last_heard from windows) w`

const spanSums = [
  ...counters.map((name) => `sum(${name})::bigint as ${name}`),
  `array[${buckets.map((bucket) => `sum(bucket${bucket})::bigint`).join(', ')}] as round_trips`,
  'max(last_contact_at) as last_contact_at',
  `(count(*) filter (where attempts > 0 and replies = 0
                       and window_start > coalesce(last_heard, '-infinity')))::integer as silent_windows`,
].join(', ')
