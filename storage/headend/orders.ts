import type { MeterOrder, OrderApproval, OrderRule, OrderVerdict } from '../../domain/meter-order.js'
import type { LineId, MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

const orderColumns = `o.order_id as "orderId", o.meter_id as "meterId", o.communication_address as "communicationAddress", o.kind,
  o.parameters, o.credential_code as "credentialCode", o.reason, o.author, o.not_before as "notBefore",
  o.expires_at as "expiresAt", o.order_digest as "orderDigest", o.recorded_at as "recordedAt"`

/** False when the order is there already. Refused by the database when no rule knows the kind or the validity is too long. */
export async function insertOrder(client: Queryable, order: MeterOrder): Promise<boolean> {
  const inserted = await client.execute(
    `insert into meter_order (order_id, meter_id, communication_address, kind, parameters, credential_code, reason, author,
                              not_before, expires_at, order_digest, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`,
    [
      order.orderId,
      order.meterId,
      order.communicationAddress,
      order.kind,
      JSON.stringify(order.parameters),
      order.credentialCode,
      order.reason,
      order.author,
      toTimestamptz(order.notBefore),
      toTimestamptz(order.expiresAt),
      order.orderDigest,
      toTimestamptz(order.recordedAt),
    ],
  )
  return inserted === 1
}

export async function findOrder(client: Queryable, orderId: string): Promise<MeterOrder | null> {
  const [row] = await client.query<MeterOrder>(`select ${orderColumns} from meter_order o where o.order_id = $1`, [
    orderId,
  ])
  return row ?? null
}

/** False when that person had approved before. The database refuses the author, processes, and another digest. */
export async function insertOrderApproval(
  client: Queryable,
  orderId: string,
  { approver, orderDigest, approvedAt }: OrderApproval,
): Promise<boolean> {
  const inserted = await client.execute(
    `insert into meter_order_approval (order_id, approver, order_digest, approved_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [orderId, approver, orderDigest, toTimestamptz(approvedAt)],
  )
  return inserted === 1
}

export function orderApprovals(client: Queryable, orderId: string): Promise<readonly OrderApproval[]> {
  return client.query<OrderApproval>(
    `select approver, order_digest as "orderDigest", approved_at as "approvedAt"
       from meter_order_approval where order_id = $1 order by approved_at, approver`,
    [orderId],
  )
}

/** What holds for a kind now; null for a kind without a rule. */
export async function findOrderRule(client: Queryable, kind: string, knownAt: Instant): Promise<OrderRule | null> {
  const [row] = await client.query<OrderRule>(
    `select kind, approvals, longest_minutes as "longestMinutes" from meter_order_rule_as_of($1, $2)`,
    [kind, toTimestamptz(knownAt)],
  )
  return row ?? null
}

export interface OrderUse {
  readonly lineId: LineId
  readonly node: string
  readonly fencingToken: bigint
  readonly usedAt: Instant
}

/** False when the order was used before. Refused by the database without the approvals or outside the validity. */
export async function insertOrderUse(tx: Transaction, orderId: string, use: OrderUse): Promise<boolean> {
  const inserted = await tx.execute(
    `insert into meter_order_use (order_id, line_id, node, fencing_token, used_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [orderId, use.lineId, use.node, use.fencingToken, toTimestamptz(use.usedAt)],
  )
  return inserted === 1
}

export interface OrderResult {
  readonly ordinal: number
  readonly verdict: OrderVerdict
  readonly requestTrace: string | null
  readonly answerTrace: string | null
  readonly readBack: object
  readonly detail: string
  readonly recordedAt: Instant
}

export function orderResults(client: Queryable, orderId: string): Promise<readonly OrderResult[]> {
  return client.query<OrderResult>(
    `select ordinal, verdict, request_trace as "requestTrace", answer_trace as "answerTrace", read_back as "readBack", detail,
            recorded_at as "recordedAt"
       from meter_order_result where order_id = $1 order by ordinal`,
    [orderId],
  )
}

/** False when somebody else recorded the same or a last verdict meanwhile. */
export async function insertOrderResult(client: Queryable, orderId: string, result: OrderResult): Promise<boolean> {
  const inserted = await client.execute(
    `insert into meter_order_result (order_id, ordinal, verdict, request_trace, answer_trace, read_back, detail, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [
      orderId,
      result.ordinal,
      result.verdict,
      result.requestTrace,
      result.answerTrace,
      JSON.stringify(result.readBack),
      result.detail,
      toTimestamptz(result.recordedAt),
    ],
  )
  return inserted === 1
}

/** Where a meter hangs. */
export interface MeterPlace {
  readonly meterId: MeterId
  readonly communicationAddress: string
  readonly protocol: string
  readonly lineId: LineId
  /** Meters on that line that have its address, this one included. */
  readonly sameAddress: number
}

/** An order with what decides about it, but its approvals and results. */
export interface OrderInPlace {
  readonly order: MeterOrder
  /** Null for a kind without a rule. */
  readonly approvalsNeeded: number | null
  readonly usedAt: Instant | null
  /** Null when the meter hangs nowhere. */
  readonly place: MeterPlace | null
}

interface OrderInPlaceRow extends MeterOrder {
  readonly approvalsNeeded: number | null
  readonly usedAt: Instant | null
  readonly presentAddress: string
  readonly protocol: string
  readonly lineId: LineId | null
  readonly sameAddress: number
}

/** An order as everything stands at an instant, as known then; null when there is none. */
export async function findOrderInPlace(client: Queryable, orderId: string, at: Instant): Promise<OrderInPlace | null> {
  const [row] = await client.query<OrderInPlaceRow>(
    `select ${orderColumns}, r.approvals as "approvalsNeeded", u.used_at as "usedAt", m.communication_address as "presentAddress",
            m.protocol, i.line_id as "lineId",
            (select count(*)::integer from installation_as_of($2, $2) n join meter other on other.meter_id = n.meter_id
              where n.line_id = i.line_id and other.communication_address = m.communication_address) as "sameAddress"
       from meter_order o
       join meter m on m.meter_id = o.meter_id
       left join installation_as_of($2, $2) i on i.meter_id = o.meter_id
       left join lateral meter_order_rule_as_of(o.kind, $2) r on true
       left join meter_order_use u on u.order_id = o.order_id
      where o.order_id = $1`,
    [orderId, toTimestamptz(at)],
  )
  if (row === undefined) return null
  const { approvalsNeeded, usedAt, presentAddress, protocol, lineId, sameAddress, ...order } = row
  const { meterId } = order
  const place =
    lineId === null ? null : { meterId, communicationAddress: presentAddress, protocol, lineId, sameAddress }
  return { order, approvalsNeeded, usedAt, place }
}

export interface KnownMeter {
  readonly meterId: MeterId
  readonly code: string
  readonly communicationAddress: string
  readonly protocol: string
  /** Of the line on which it hangs; null for one that hangs nowhere. */
  readonly lineKind: string | null
}

/** A meter as everything stands at an instant. */
export async function findMeterByCode(client: Queryable, code: string, at: Instant): Promise<KnownMeter | null> {
  const [row] = await client.query<KnownMeter>(
    `select m.meter_id as "meterId", m.code, m.communication_address as "communicationAddress", m.protocol, l.kind as "lineKind"
       from meter m
       left join line l on l.line_id = (select i.line_id from installation_as_of($2, $2) i where i.meter_id = m.meter_id limit 1)
      where m.code = $1`,
    [code, toTimestamptz(at)],
  )
  return row ?? null
}

/** An order as a list shows it. */
export interface ListedOrder extends MeterOrder {
  readonly meterCode: string
  readonly approvals: number
  readonly approvalsNeeded: number | null
  readonly usedAt: Instant | null
  readonly verdict: OrderVerdict | null
}

/** The newest first, at most `limit`. */
export function listOrders(
  client: Queryable,
  wish: { readonly knownAt: Instant; readonly limit: number },
): Promise<readonly ListedOrder[]> {
  return client.query<ListedOrder>(
    `select ${orderColumns}, m.code as "meterCode",
            (select count(*)::integer from meter_order_approval a where a.order_id = o.order_id) as approvals,
            (select r.approvals from meter_order_rule_as_of(o.kind, $1) r) as "approvalsNeeded",
            (select u.used_at from meter_order_use u where u.order_id = o.order_id) as "usedAt",
            (select r.verdict from meter_order_result r where r.order_id = o.order_id order by r.ordinal desc limit 1) as verdict
       from meter_order o join meter m using (meter_id)
      order by o.recorded_at desc, o.order_id limit $2`,
    [toTimestamptz(wish.knownAt), wish.limit],
  )
}
