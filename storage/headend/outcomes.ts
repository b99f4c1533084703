import { liveToleranceMs } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** What became of the due points of one line and one midnight, as of now. The outcomes exclude each other; their sum is `due`. */
export interface DueOutcomes {
  readonly lineCode: string
  readonly readAt: Instant
  readonly due: number
  /** Read as planned, at the first attempt. */
  readonly firstPass: number
  /** Read as planned after at least one failed attempt. */
  readonly retried: number
  /** Fetched later from the meter's freeze memory. */
  readonly backFilled: number
  /** Read by a person under a field order (补抄). */
  readonly fieldRead: number
  readonly estimated: number
  readonly open: number
}

interface OutcomeRow {
  readonly line_code: string
  readonly read_at: Instant
  readonly due: number
  readonly first_pass: number
  readonly retried: number
  readonly back_filled: number
  readonly field_read: number
  readonly estimated: number
  readonly open: number
}

/** Outcomes of the due points in [from, to), ordered by line code and midnight. */
export async function dueOutcomes(
  queryable: Queryable,
  span: { readonly from: Instant; readonly to: Instant },
): Promise<readonly DueOutcomes[]> {
  const rows = await queryable.query<OutcomeRow>(outcomesSql, [
    toTimestamptz(span.from),
    toTimestamptz(span.to),
    liveToleranceMs,
  ])
  return rows.map((row) => ({
    lineCode: row.line_code,
    readAt: row.read_at,
    due: row.due,
    firstPass: row.first_pass,
    retried: row.retried,
    backFilled: row.back_filled,
    fieldRead: row.field_read,
    estimated: row.estimated,
    open: row.open,
  }))
}

// Sources as in domain/reading.ts: 1 scheduled, 2 backfill, 3 on demand, 4 live, 5 field. A live reading serves the midnight that
// it follows within the tolerance.
const outcomesSql = `
  with judged as (
    select d.line_id, d.read_at,
           case
             when r.source = 2 then 'back_filled'
             when r.source is not null and f.failed then 'retried'
             when r.source is not null then 'first_pass'
             when m.noted then 'field_read'
             when v.verdict = 'estimated' then 'estimated'
             else 'open'
           end as outcome
      from due_read d
      left join lateral (
        select source, coalesce(frame_received_at, recorded_at) as received_at from reading
         where meter_id = d.meter_id and quantity = 1
           and (read_at = d.read_at or source = 4 and read_at > d.read_at and read_at <= d.read_at + $3 * interval '1 millisecond')
         order by read_at limit 1) r on true
      left join lateral (
        select exists (select from failed_read a
                        where a.meter_id = d.meter_id and a.read_at = d.read_at and a.failed_at <= r.received_at) as failed) f on true
      left join lateral (
        select exists (select from manual_reading n
                        where n.meter_id = d.meter_id and n.quantity = 1 and n.read_at = d.read_at and n.source = 5) as noted) m on true
      left join lateral (
        select verdict from validation_decision
         where meter_id = d.meter_id and quantity = 1 and read_at = d.read_at
         order by revision desc limit 1) v on true
     where d.read_at >= $1 and d.read_at < $2
  )
  select l.code as line_code, j.read_at,
         count(*)::integer as due,
         count(*) filter (where outcome = 'first_pass')::integer as first_pass,
         count(*) filter (where outcome = 'retried')::integer as retried,
         count(*) filter (where outcome = 'back_filled')::integer as back_filled,
         count(*) filter (where outcome = 'field_read')::integer as field_read,
         count(*) filter (where outcome = 'estimated')::integer as estimated,
         count(*) filter (where outcome = 'open')::integer as open
    from judged j join line l using (line_id)
   group by l.code, j.read_at
   order by l.code, j.read_at`

/** Frames and bytes of one line over all windows that began in a span. */
export interface LineTraffic {
  readonly lineCode: string
  readonly requests: bigint
  readonly replies: bigint
  readonly bytesOut: bigint
  readonly bytesIn: bigint
  readonly damaged: bigint
  readonly refused: bigint
  readonly repaired: bigint
  readonly timeouts: bigint
}

interface TrafficRow {
  readonly line_code: string
  readonly requests: bigint
  readonly replies: bigint
  readonly bytes_out: bigint
  readonly bytes_in: bigint
  readonly damaged: bigint
  readonly refused: bigint
  readonly repaired: bigint
  readonly timeouts: bigint
}

/** Sums of line statistics whose window began in [from, to), for every line, ordered by its code. */
export async function lineTraffic(
  queryable: Queryable,
  span: { readonly from: Instant; readonly to: Instant },
): Promise<readonly LineTraffic[]> {
  const rows = await queryable.query<TrafficRow>(
    `select l.code as line_code,
            coalesce(sum(s.requests), 0)::bigint as requests, coalesce(sum(s.replies), 0)::bigint as replies,
            coalesce(sum(s.bytes_out), 0)::bigint as bytes_out, coalesce(sum(s.bytes_in), 0)::bigint as bytes_in,
            coalesce(sum(s.damaged), 0)::bigint as damaged, coalesce(sum(s.refused), 0)::bigint as refused,
            coalesce(sum(s.repaired), 0)::bigint as repaired, coalesce(sum(s.timeouts), 0)::bigint as timeouts
       from line l
       left join line_statistics s on s.line_id = l.line_id and s.window_start >= $1 and s.window_start < $2
      group by l.code order by l.code`,
    [toTimestamptz(span.from), toTimestamptz(span.to)],
  )
  return rows.map(({ line_code, bytes_out, bytes_in, ...sums }) => ({
    lineCode: line_code,
    bytesOut: bytes_out,
    bytesIn: bytes_in,
    ...sums,
  }))
}
