import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Several orders to one meter that are one act. */
export interface OrderGroup {
  readonly groupId: string
  readonly meterId: MeterId
  readonly kind: string
  readonly parameters: unknown
  readonly reason: string
  readonly author: string
  readonly notBefore: Instant
  readonly expiresAt: Instant
  readonly groupDigest: Buffer
  readonly recordedAt: Instant
}

/** Puts a group with its orders, in the sequence of writing, on record. False when the group is there already. */
export async function insertOrderGroup(
  tx: Transaction,
  group: OrderGroup,
  orderIds: readonly string[],
): Promise<boolean> {
  const inserted = await tx.execute(
    `insert into meter_order_group (group_id, meter_id, kind, parameters, reason, author, not_before, expires_at, group_digest, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    [
      group.groupId,
      group.meterId,
      group.kind,
      JSON.stringify(group.parameters),
      group.reason,
      group.author,
      toTimestamptz(group.notBefore),
      toTimestamptz(group.expiresAt),
      group.groupDigest,
      toTimestamptz(group.recordedAt),
    ],
  )
  if (inserted === 0) return false
  await tx.execute(
    `insert into meter_order_member (group_id, ordinal, order_id)
     select $1, n.place, n.order_id from unnest($2::uuid[]) with ordinality as n (order_id, place)`,
    [group.groupId, orderIds],
  )
  return true
}

export async function findOrderGroup(client: Queryable, groupId: string): Promise<OrderGroup | null> {
  const [row] = await client.query<OrderGroup>(
    `select group_id as "groupId", meter_id as "meterId", kind, parameters, reason, author, not_before as "notBefore",
            expires_at as "expiresAt", group_digest as "groupDigest", recorded_at as "recordedAt"
       from meter_order_group where group_id = $1`,
    [groupId],
  )
  return row ?? null
}

/** Orders of a group in the sequence of writing. */
export async function memberOrders(client: Queryable, groupId: string): Promise<readonly string[]> {
  const rows = await client.query<{ readonly orderId: string }>(
    'select order_id as "orderId" from meter_order_member where group_id = $1 order by ordinal',
    [groupId],
  )
  return rows.map(({ orderId }) => orderId)
}

/** False when that person had approved before. */
export async function insertGroupApproval(
  client: Queryable,
  approval: {
    readonly groupId: string
    readonly approver: string
    readonly groupDigest: Buffer
    readonly approvedAt: Instant
  },
): Promise<boolean> {
  const inserted = await client.execute(
    `insert into meter_order_group_approval (group_id, approver, group_digest, approved_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [approval.groupId, approval.approver, approval.groupDigest, toTimestamptz(approval.approvedAt)],
  )
  return inserted === 1
}

export async function groupApprovers(client: Queryable, groupId: string): Promise<readonly string[]> {
  const rows = await client.query<{ readonly approver: string }>(
    'select approver from meter_order_group_approval where group_id = $1 order by approved_at, approver',
    [groupId],
  )
  return rows.map(({ approver }) => approver)
}
