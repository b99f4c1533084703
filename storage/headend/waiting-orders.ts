import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** An order that a node is to carry out, and where its meter hangs. */
export interface WaitingOrder {
  readonly orderId: string
  readonly lineId: LineId
  readonly lineCode: string
  readonly model: string
}

/**
 * Orders that may be written now: valid, approved by enough people, unused. And those whose use is on record without any result, because
 * whoever used them ended in between: their meters are asked what came of it. Oldest first. A part of a group waits until those before it
 * are in the meter.
 */
export function waitingOrders(queryable: Queryable, now: Instant): Promise<readonly WaitingOrder[]> {
  return queryable.query<WaitingOrder>(
    `with candidate as materialized (
       select o.order_id, o.meter_id, o.recorded_at from meter_order o
        where o.not_before <= $1 and o.expires_at > $1
          and not exists (select from meter_order_use u where u.order_id = o.order_id)
          and (select count(*) from meter_order_approval a
                where a.order_id = o.order_id and a.order_digest = o.order_digest and a.approved_at <= $1)
              >= (select r.approvals from meter_order_rule_as_of(o.kind, $1) r)
          and not exists (select from meter_order_member m join meter_order_member earlier using (group_id)
                           where m.order_id = o.order_id and earlier.ordinal < m.ordinal
                             and not exists (select from meter_order_result r
                                              where r.order_id = earlier.order_id and r.verdict = 'verified'))
       union all
       select o.order_id, o.meter_id, o.recorded_at from meter_order_use u join meter_order o using (order_id)
        where u.used_at <= $1 and not exists (select from meter_order_result r where r.order_id = u.order_id))
     select c.order_id as "orderId", l.line_id as "lineId", l.code as "lineCode", m.model
       from candidate c join meter m using (meter_id) join line l on l.line_id =
              (select i.line_id from installation_as_of($1, $1) i where i.meter_id = c.meter_id limit 1)
      where l.kind like 'dlt645%'
      order by c.recorded_at, c.order_id`,
    [toTimestamptz(now)],
  )
}
