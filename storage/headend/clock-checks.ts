import type { ClockClass } from '../../domain/clock-limits.js'
import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface ClockCheckRow {
  readonly meter_id: MeterId
  readonly checked_at: Instant
  /** Null where the meter showed no time. */
  readonly offset_ms: bigint | null
  readonly uncertainty_ms: bigint | null
  readonly drift_ms_per_day: bigint | null
  readonly class: ClockClass
}

/** The last check of each meter at or before an instant. */
export async function selectLastClockChecks(
  queryable: Queryable,
  meterIds: readonly MeterId[],
  notAfter: Instant,
): Promise<readonly ClockCheckRow[]> {
  return queryable.query<ClockCheckRow>(
    `select c.*
       from unnest($1::bigint[]) m(meter_id)
       join lateral (select meter_id, checked_at, offset_ms, uncertainty_ms, drift_ms_per_day, class
                       from clock_check
                      where meter_id = m.meter_id and checked_at <= $2
                      order by checked_at desc limit 1) c on true
      order by c.meter_id`,
    [meterIds, toTimestamptz(notAfter)],
  )
}

/**
 * The last check from which a drift can be told: none where the clock was set since, by the meter's own record, by an order of ours, or
 * by a broadcast on its line.
 */
export async function selectDriftBase(
  queryable: Queryable,
  meterId: MeterId,
  notAfter: Instant,
): Promise<ClockCheckRow | null> {
  const [last] = await selectLastClockChecks(queryable, [meterId], notAfter)
  if (last === undefined || last.offset_ms === null) return null
  const [{ was_set: wasSet } = { was_set: false }] = await queryable.query<{ readonly was_set: boolean }>(
    `select exists (select from end_device_event
                     where meter_id = $1 and kind = 'clock_set' and frame_received_at >= $2)
         or exists (select from meter_order_use u join meter_order o using (order_id)
                     where o.meter_id = $1 and o.kind = 'set_clock' and u.used_at >= $2)
         or exists (select from standing_order_use u join installation_timeline i using (line_id)
                     where i.meter_id = $1 and u.used_at >= $2) as was_set`,
    [meterId, toTimestamptz(last.checked_at)],
  )
  return wasSet ? null : last
}
