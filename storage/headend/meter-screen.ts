import type { LineId, MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { CommunicationRow } from './meter-statistics.js'

/** Where a meter hangs, and who owns what does not answer there. */
export interface MeterSite {
  readonly meterId: MeterId
  readonly code: string
  readonly communicationAddress: string
  readonly protocol: string
  readonly model: string
  /** Null, as all that follows, when it hangs nowhere. */
  readonly usagePointCode: string | null
  readonly supplyAddress: string | null
  readonly installedFrom: Instant | null
  readonly lineId: LineId | null
  readonly lineCode: string | null
  readonly lineKind: string | null
  readonly areaCode: string | null
  readonly crewCode: string | null
}

/** A meter by its code, as it is installed at an instant and as known then. */
export async function findMeterSite(client: Queryable, code: string, at: Instant): Promise<MeterSite | null> {
  const [row] = await client.query<MeterSite>(
    `select m.meter_id as "meterId", m.code, m.communication_address as "communicationAddress", m.protocol, m.model,
            u.code as "usagePointCode", u.supply_address as "supplyAddress", i.effective_from as "installedFrom",
            l.line_id as "lineId", l.code as "lineCode", l.kind as "lineKind", a.code as "areaCode", c.code as "crewCode"
       from meter m
       left join installation_as_of($2, $2) i on i.meter_id = m.meter_id
       left join usage_point u on u.usage_point_id = i.usage_point_id
       left join line l on l.line_id = i.line_id
       left join transformer_area a on a.transformer_area_id = u.transformer_area_id
       left join crew_area_as_of($2, $2) o on o.transformer_area_id = u.transformer_area_id
       left join crew c on c.crew_id = o.crew_id
      where m.code = $1`,
    [code, toTimestamptz(at)],
  )
  return row ?? null
}

/** A due point of one meter. */
export interface MeterDuePoint {
  readonly template: string
  readonly readAt: Instant
  /** Whether nothing but a read at the first pass can have become of it; otherwise the account of the day says what did. */
  readonly plain: boolean
}

/** The due points of a meter in (after, through], the newest first. */
export function meterDuePoints(
  client: Queryable,
  meterId: MeterId,
  { after, through }: { readonly after: Instant; readonly through: Instant },
): Promise<readonly MeterDuePoint[]> {
  return client.query<MeterDuePoint>(
    `select d.template, d.read_at as "readAt",
            d.template = 'daily_freeze'
              and exists (select from reading r where r.meter_id = d.meter_id and r.quantity = 1 and r.read_at = d.read_at and r.source = 1
                             and r.read_at > $2 and r.read_at <= $3)
              and not exists (select from failed_read f where f.meter_id = d.meter_id and f.template = d.template and f.read_at = d.read_at
                                 and f.read_at > $2 and f.read_at <= $3)
              and not exists (select from manual_reading n where n.meter_id = d.meter_id and n.read_at = d.read_at)
              and not exists (select from validation_decision v where v.meter_id = d.meter_id and v.quantity = 1 and v.read_at = d.read_at
                                 and (v.verdict <> 'accepted' or v.decided_by is not null) and v.read_at > $2 and v.read_at <= $3)
              and not exists (select from meter_misaddressed w where w.meter_id = d.meter_id) as plain
       from due_read d
      where d.meter_id = $1 and d.read_at > $2 and d.read_at <= $3
        and not exists (select from due_point_void('infinity', $2, $3) x
                         where (x.meter_id, x.template, x.read_at) = (d.meter_id, d.template, d.read_at))
      order by d.read_at desc, d.template`,
    [meterId, toTimestamptz(after), toTimestamptz(through)],
  )
}

/** The newest midnight, or other instant, that is due of a meter since another one; null when none is. */
export async function newestDueOf(client: Queryable, meterId: MeterId, since: Instant): Promise<Instant | null> {
  const [row] = await client.query<{ readonly at: Instant | null }>(
    'select max(read_at) as at from due_read where meter_id = $1 and read_at >= $2',
    [meterId, toTimestamptz(since)],
  )
  return row?.at ?? null
}

/** The registers that a meter delivered last. */
export interface LastReading {
  readonly readAt: Instant
  readonly totalE4: bigint
  readonly source: number
  readonly recordedAt: Instant
}

export async function lastReadingOf(client: Queryable, meterId: MeterId, since: Instant): Promise<LastReading | null> {
  const [row] = await client.query<LastReading>(
    `select read_at as "readAt", total_e4 as "totalE4", source::integer as source, recorded_at as "recordedAt"
       from reading where meter_id = $1 and quantity = 1 and read_at >= $2 order by read_at desc limit 1`,
    [meterId, toTimestamptz(since)],
  )
  return row ?? null
}

/** How much of a curve came in a span, and up to where. */
export interface CurveTail {
  readonly curve: number
  readonly slots: number
  readonly absent: number
  readonly lastSlotAt: Instant | null
}

export function curveTails(client: Queryable, meterId: MeterId, since: Instant): Promise<readonly CurveTail[]> {
  return client.query<CurveTail>(
    `select curve::integer as curve, count(distinct slot_start) filter (where held)::integer as slots,
            count(*) filter (where not held)::integer as absent, max(slot_start) filter (where held) as "lastSlotAt"
       from (select curve, slot_start, true as held from interval_piece where meter_id = $1 and slot_start >= $2
             union all
             select curve, slot_start, false from interval_absence where meter_id = $1 and slot_start >= $2) s
      group by curve order by curve`,
    [meterId, toTimestamptz(since)],
  )
}

export interface LastRelay {
  readonly readAt: Instant
  readonly relayOpen: boolean
  readonly commandOpen: boolean
}

export async function lastRelayOf(client: Queryable, meterId: MeterId, since: Instant): Promise<LastRelay | null> {
  const [row] = await client.query<LastRelay>(
    `select read_at as "readAt", relay_open as "relayOpen", command_open as "commandOpen"
       from relay_status where meter_id = $1 and read_at >= $2 order by read_at desc limit 1`,
    [meterId, toTimestamptz(since)],
  )
  return row ?? null
}

/** An order of a meter that is neither used nor over. */
export interface WaitingMeterOrder {
  readonly orderId: string
  readonly kind: string
  readonly author: string
  readonly reason: string
  readonly approvals: number
  readonly approvalsNeeded: number | null
  readonly expiresAt: Instant
}

export function waitingOrdersOf(
  client: Queryable,
  meterId: MeterId,
  at: Instant,
): Promise<readonly WaitingMeterOrder[]> {
  return client.query<WaitingMeterOrder>(
    `select o.order_id as "orderId", o.kind, o.author, o.reason, o.expires_at as "expiresAt",
            (select count(*)::integer from meter_order_approval a where a.order_id = o.order_id) as approvals,
            (select r.approvals from meter_order_rule_as_of(o.kind, $2) r) as "approvalsNeeded"
       from meter_order o
      where o.meter_id = $1 and o.expires_at > $2 and not exists (select from meter_order_use u where u.order_id = o.order_id)
      order by o.expires_at, o.order_id`,
    [meterId, toTimestamptz(at)],
  )
}

/** Everything that was said on a line in the windows that began in [from, to); null where nobody asked anything. */
export async function lineTrafficOf(
  client: Queryable,
  lineId: LineId,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<CommunicationRow | null> {
  const [row] = await client.query<CommunicationRow>(
    `select l.code, sum(s.requests)::bigint as attempts, sum(s.replies)::bigint as replies, sum(s.timeouts)::bigint as timeouts,
            sum(s.damaged)::bigint as damaged, sum(s.refused)::bigint as refused, array_fill(0::bigint, array[10]) as round_trips,
            max(s.recorded_at) filter (where s.replies > 0) as last_contact_at, 0 as silent_windows
       from line_statistics s join line l using (line_id)
      where s.line_id = $1 and s.window_start >= $2 and s.window_start < $3
      group by l.code having sum(s.requests) > 0`,
    [lineId, toTimestamptz(from), toTimestamptz(to)],
  )
  return row ?? null
}
