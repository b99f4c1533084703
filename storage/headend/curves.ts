import { type Curve, curves } from '../../domain/quantities.js'
import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { AbsentSlots } from './collected-values.js'

/** A stretch of one curve: slots of `slotMs` whose starts lie in [from, to). */
export interface CurveSpan {
  readonly curve: Curve
  readonly slotMs: number
  readonly from: Instant
  readonly to: Instant
}

/** Starts of the slots of which nothing is stored and which the meter may still hold, ascending. */
export async function selectMissingSlots(
  queryable: Queryable,
  meterId: MeterId,
  { curve, slotMs, from, to }: CurveSpan,
): Promise<readonly Instant[]> {
  const rows = await queryable.query<{ readonly slot_start: Instant }>(
    `select slot_start
       from generate_series($3::timestamptz, $4::timestamptz - interval '1 millisecond', $5 * interval '1 millisecond') slot_start
      where not exists (select from interval_piece p
                         where p.meter_id = $1 and p.curve = $2 and p.slot_start = slot_start.slot_start
                           and p.slot_start >= $3 and p.slot_start < $4)
        and not exists (select from interval_absence a
                         where a.meter_id = $1 and a.curve = $2 and a.slot_start = slot_start.slot_start
                           and a.slot_start >= $3 and a.slot_start < $4)
      order by slot_start`,
    [meterId, curves[curve].code, toTimestamptz(from), toTimestamptz(to), slotMs],
  )
  return rows.map(({ slot_start }) => slot_start)
}

/** How much of a curve is there: expected = stored + absent + missing. */
export interface CurveCompleteness {
  readonly meterId: MeterId
  readonly expected: number
  readonly stored: number
  /** Stored slots with several claims: nobody may use them yet. */
  readonly disputed: number
  /** Not stored, and not in the meter's memory either. */
  readonly absent: number
  readonly missing: number
}

interface CompletenessRow {
  readonly meter_id: MeterId
  readonly expected: number
  readonly stored: number
  readonly disputed: number
  readonly absent: number
}

/** Completeness of the curves of some meters over a stretch, such as a day, in one query. */
export async function selectCurveCompleteness(
  queryable: Queryable,
  meterIds: readonly MeterId[],
  { curve, slotMs, from, to }: CurveSpan,
): Promise<readonly CurveCompleteness[]> {
  const rows = await queryable.query<CompletenessRow>(
    `with stored as (
       select meter_id, slot_start, count(*) as claims
         from interval_piece
        where meter_id = any($1) and curve = $2 and slot_start >= $3 and slot_start < $4
        group by meter_id, slot_start),
     absent as (
       select a.meter_id, a.slot_start
         from interval_absence a
        where a.meter_id = any($1) and a.curve = $2 and a.slot_start >= $3 and a.slot_start < $4
          and not exists (select from stored s where (s.meter_id, s.slot_start) = (a.meter_id, a.slot_start)))
     select m.meter_id,
            ((epoch_ms($4::timestamptz) - epoch_ms($3::timestamptz)) / $5::bigint)::integer as expected,
            (select count(*) from stored s where s.meter_id = m.meter_id)::integer as stored,
            (select count(*) from stored s where s.meter_id = m.meter_id and s.claims > 1)::integer as disputed,
            (select count(*) from absent a where a.meter_id = m.meter_id)::integer as absent
       from unnest($1::bigint[]) m(meter_id)
      order by m.meter_id`,
    [meterIds, curves[curve].code, toTimestamptz(from), toTimestamptz(to), slotMs],
  )
  return rows.map(({ meter_id, expected, stored, disputed, absent }) => ({
    meterId: meter_id,
    expected,
    stored,
    disputed,
    absent,
    missing: expected - stored - absent,
  }))
}

/**
 * Keeps that a meter's memory does not hold slots, so that it is not asked for them again. What a meter with an absurd clock does not
 * find says nothing of its memory and is not kept. @returns how many are new.
 */
export async function insertAbsentSlots(
  queryable: Queryable,
  { meterId, curve, slotStarts, foundAt }: AbsentSlots,
  recordedAt: Instant,
): Promise<number> {
  return queryable.execute(
    `insert into interval_absence (meter_id, curve, slot_start, found_at, recorded_at)
     select $1, $2, slot_start, $4, $5 from unnest($3::timestamptz[]) slot_start
      where not exists (select from (select class from clock_check where meter_id = $1 and checked_at <= $4
                                      order by checked_at desc limit 1) last where last.class = 'absurd')
      order by slot_start
         on conflict do nothing`,
    [meterId, curves[curve].code, slotStarts.map(toTimestamptz), toTimestamptz(foundAt), toTimestamptz(recordedAt)],
  )
}
