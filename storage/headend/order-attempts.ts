import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** A node tried an approved order and wrote nothing. */
export interface OrderAttempt {
  readonly triedAt: Instant
  readonly node: string
  readonly reason: string
}

/** Puts an attempt down unless the last one of the order had the same reason. @returns number of facts: 0 or 1. */
export function insertOrderAttempt(
  queryable: Queryable,
  orderId: string,
  { triedAt, node, reason }: OrderAttempt,
): Promise<number> {
  return queryable.execute(
    `insert into meter_order_attempt (order_id, tried_at, node, reason)
     select o.order_id, $2, $3, $4 from meter_order o
      where o.order_id = $1
        and $4 is distinct from (select a.reason from meter_order_attempt a where a.order_id = $1 order by a.tried_at desc limit 1)
         on conflict do nothing`,
    [orderId, toTimestamptz(triedAt), node, reason],
  )
}

/** In order of time. */
export function orderAttempts(queryable: Queryable, orderId: string): Promise<readonly OrderAttempt[]> {
  return queryable.query<OrderAttempt>(
    `select tried_at as "triedAt", node, reason from meter_order_attempt where order_id = $1 order by tried_at`,
    [orderId],
  )
}

/** The code under which people know the meter of an order. */
export async function meterCodeOfOrder(queryable: Queryable, orderId: string): Promise<string | null> {
  const [row] = await queryable.query<{ readonly code: string }>(
    'select m.code from meter_order o join meter m using (meter_id) where o.order_id = $1',
    [orderId],
  )
  return row?.code ?? null
}
