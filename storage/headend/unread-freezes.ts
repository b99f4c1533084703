import { type Quantity, quantities } from '../../domain/quantities.js'
import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface UnreadFreeze {
  readonly meterId: MeterId
  readonly readAt: Instant
  /** In the order in which they were asked for. */
  readonly missing: readonly Quantity[]
}

/** Midnights in [from, through] at which daily freezes are due and some of the quantities are not read, the newest first. */
export async function selectUnreadFreezes(
  queryable: Queryable,
  wish: {
    readonly meterIds: readonly MeterId[]
    readonly quantities: readonly Quantity[]
    readonly from: Instant
    readonly through: Instant
    /** A midnight that the meter said so often not to hold is not asked for again. */
    readonly noFreezeLimit: number
    /** Under what failures are recorded. */
    readonly template: string
  },
): Promise<readonly UnreadFreeze[]> {
  const rows = await queryable.query<{
    readonly meter_id: MeterId
    readonly read_at: Instant
    readonly missing: readonly number[]
  }>(
    `select d.meter_id, d.read_at, array_agg(q.code::integer order by q.place) as missing
       from due_read d cross join unnest($2::smallint[]) with ordinality as q (code, place)
      where d.meter_id = any($1::bigint[]) and d.template = 'daily_freeze' and d.read_at >= $3 and d.read_at <= $4
        and not exists (select from reading r where r.meter_id = d.meter_id and r.quantity = q.code and r.read_at = d.read_at)
        and (select count(*) from failed_read f
              where f.meter_id = d.meter_id and f.template = $5 and f.read_at = d.read_at and f.cause = 'no_freeze') < $6
      group by d.meter_id, d.read_at
      order by d.read_at desc, d.meter_id`,
    [
      wish.meterIds.map(String),
      wish.quantities.map((each) => quantities[each].code),
      toTimestamptz(wish.from),
      toTimestamptz(wish.through),
      wish.template,
      wish.noFreezeLimit,
    ],
  )
  const byCode = new Map(wish.quantities.map((each) => [quantities[each].code as number, each]))
  return rows.map(({ meter_id, read_at, missing }) => ({
    meterId: meter_id,
    readAt: read_at,
    missing: missing.flatMap((code) => byCode.get(code) ?? []),
  }))
}
