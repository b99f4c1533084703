import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface OverdueItem {
  readonly segmentId: bigint
  readonly ordinal: number
  readonly accountId: bigint
  readonly accountCode: string
  /** Its bill's number, or what names an arrear of the old books. */
  readonly bill: string
  readonly dueDate: LocalDate
  readonly openFen: bigint
  readonly utilityName: string
  readonly timeZone: string
}

export type ItemKey = Pick<OverdueItem, 'segmentId' | 'ordinal'>

/** Open items past their due date in their own time zone, without a case or with an active one, after a key, in key order. */
export function selectOverdueItems(
  client: Queryable,
  at: Instant,
  after: ItemKey,
  limit: number,
): Promise<readonly OverdueItem[]> {
  return client.query(
    `select i.segment_id as "segmentId", i.ordinal, i.account_id as "accountId", a.code as "accountCode",
            i.bill, i.due_date as "dueDate", i.open_fen as "openFen",
            o.name as "utilityName", o.time_zone as "timeZone"
       from open_item i
       join account a on a.account_id = i.account_id
       join organisation o on o.organisation_id = a.organisation_id
       left join dunning_case c on (c.segment_id, c.ordinal) = (i.segment_id, i.ordinal)
      where i.open_fen > 0
        and i.due_date < ($1::timestamptz at time zone o.time_zone)::date
        and coalesce(c.state, 'active') = 'active'
        and (i.segment_id, i.ordinal) > ($2::bigint, $3::integer)
      order by i.segment_id, i.ordinal
      limit $4`,
    [toTimestamptz(at), after.segmentId, after.ordinal, limit],
  )
}
