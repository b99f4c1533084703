import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** A number under the value of one label. */
export interface LabelledCount {
  readonly label: string
  readonly count: number
}

export type PaperFigures = Readonly<Record<'approvalsWaiting' | 'orders' | 'concentrators', readonly LabelledCount[]>>

interface CountRow {
  readonly label: string
  /** A union of counts is a bigint as soon as one of them is. */
  readonly count: bigint | number
}

const counts = (rows: readonly CountRow[], of: string): readonly LabelledCount[] =>
  rows.flatMap(({ label, count }) =>
    label.startsWith(`${of} `) ? [{ label: label.slice(of.length + 1), count: Number(count) }] : [],
  )

/** What waits for people, how orders stand, and which concentrators are there: few rows, cheap to ask for at any time. */
export async function paperFigures(client: Queryable, now: Instant): Promise<PaperFigures> {
  const rows = await client.query<CountRow>(
    `select 'approvals collection_plan' as label, count(*)::integer as count from collection_plan p
      where not exists (select from collection_plan_approval a where a.revision = p.revision)
        and p.revision > coalesce((select max(a.revision) from collection_plan_approval a), 0)
     union all
     select 'approvals exemption', count(*) from due_exemption e
      where not exists (select from due_exemption_approval a where a.exemption_id = e.exemption_id)
     union all
     select 'approvals table_push', count(*) from concentrator_table_push p
      where not exists (select from concentrator_table_approval a where a.push_id = p.push_id)
        and not exists (select from concentrator_table_push n where n.line_id = p.line_id and n.version > p.version)
     union all
     select 'approvals order_rule', count(*) from meter_order_rule r
      where r.actor_id is not null
        and not exists (select from meter_order_rule_approval a where (a.kind, a.revision) = (r.kind, r.revision))
     union all
     select 'approvals standing_order', count(*) from standing_order s
      where (select count(*) from standing_order_approval a where (a.code, a.version) = (s.code, s.version)) < 2
        and not exists (select from standing_order n where n.code = s.code and n.version > s.version)
     union all
     select 'approvals approval_right', count(*) from approval_right r
      where r.granted and not r.founding
        and not exists (select from approval_right_confirmation c where (c.actor_id, c.revision) = (r.actor_id, r.revision))
        and not exists (select from approval_right n where n.actor_id = r.actor_id and n.revision > r.revision)
     union all
     select 'approvals order', count(*) from meter_order o
      where o.expires_at > $1 and not exists (select from meter_order_use u where u.order_id = o.order_id)
        and (select count(*) from meter_order_approval a where a.order_id = o.order_id)
            < (select r.approvals from meter_order_rule_as_of(o.kind, $1) r)
     union all
     select 'orders waiting', count(*) from meter_order o
      where o.expires_at > $1 and not exists (select from meter_order_use u where u.order_id = o.order_id)
     union all
     select 'orders expired_unused', count(*) from meter_order o
      where o.expires_at <= $1 and o.expires_at > $1::timestamptz - interval '1 day'
        and not exists (select from meter_order_use u where u.order_id = o.order_id)
     union all
     select 'orders fate_unknown', count(*) from meter_order_use u
      where not exists (select from meter_order_result r where r.order_id = u.order_id and r.verdict <> 'unknown')
     union all
     select case when c.online then 'concentrators online' else 'concentrators offline' end, count(*)
       from concentrator_state_as_of($1) c group by 1
     union all
     select 'concentrators unknown', count(*) from line l
      where l.kind = 'mqtt_concentrator' and not exists (select from concentrator_status s where s.line_id = l.line_id)`,
    [toTimestamptz(now)],
  )
  return {
    approvalsWaiting: counts(rows, 'approvals'),
    orders: counts(rows, 'orders'),
    concentrators: counts(rows, 'concentrators'),
  }
}

export type FieldFigures = Readonly<Record<'duePoints' | 'clocks' | 'events', readonly LabelledCount[]>>

/**
 * The daily freezes of the last midnight that was due, read or open, and what meters said of their clocks and events within a day. It
 * looks at every meter, so it is asked for seldom.
 */
export async function fieldFigures(client: Queryable, now: Instant): Promise<FieldFigures> {
  const rows = await client.query<CountRow>(
    `with midnight as (
       select max(read_at) as at from due_read where template = 'daily_freeze' and read_at <= $1 and read_at > $1::timestamptz - interval '2 days')
     select 'due ' || case when r.meter_id is null then 'open' else 'read' end as label, count(*)::integer as count
       from due_read d
       left join reading r on r.meter_id = d.meter_id and r.quantity = 1 and r.read_at = (select at from midnight)
      where d.template = 'daily_freeze' and d.read_at = (select at from midnight)
      group by 1
     union all
     select 'clocks ' || class, count(distinct meter_id) from clock_check
      where checked_at > $1::timestamptz - interval '1 day' and checked_at <= $1 group by 1
     union all
     select 'events ' || kind, count(*) from end_device_event
      where occurred_at > $1::timestamptz - interval '1 day' and occurred_at <= $1 group by 1`,
    [toTimestamptz(now)],
  )
  return { duePoints: counts(rows, 'due'), clocks: counts(rows, 'clocks'), events: counts(rows, 'events') }
}
