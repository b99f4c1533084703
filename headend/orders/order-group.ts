import { createHash } from 'node:crypto'
import { uuidOf } from '../../domain/ids.js'
import type { MeterOrder } from '../../domain/meter-order.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import { findActorKind } from '../../storage/billing/actors.js'
import type { Database, Queryable, Transaction } from '../../storage/database.js'
import {
  findOrderGroup,
  insertGroupApproval,
  insertOrderGroup,
  memberOrders,
  type OrderGroup,
} from '../../storage/headend/order-groups.js'
import { findOrder } from '../../storage/headend/orders.js'
import { approveOrder, type ApproveOrderError } from './approve-order.js'
import { orderDigestOf, sortedKeys } from './order-digest.js'
import { type OrderProposal, proposeOrder, type ProposeOrderError } from './propose-order.js'
import { partsOfDownload, type TouDownload, touDownloadSchema } from './tou-download.js'

export type GroupProposal = Omit<OrderProposal, 'kind' | 'parameters'> & { readonly download: TouDownload }

export interface ProposedGroup {
  readonly kind: 'created' | 'exists'
  readonly group: OrderGroup
  readonly orders: readonly MeterOrder[]
  readonly approvalsNeeded: number
}

/** The orders of a group were refused: nothing of it is on record. */
class Refused extends Error {
  override readonly name = 'Refused'
  readonly error: ProposeOrderError

  constructor(error: ProposeOrderError) {
    super(error.kind)
    this.error = error
  }
}

/**
 * Puts the download of time-of-use tables on record: one order for each table, because an order is good for one frame, and the group
 * that makes them one act. Nothing is sent. Repeating it changes nothing.
 */
export async function proposeTouDownload(
  database: Database,
  clock: Clock,
  { download, ...proposal }: GroupProposal,
): Promise<Result<ProposedGroup, ProposeOrderError>> {
  try {
    return await database.transaction(async (tx) =>
      ok(await propose(tx, clock, touDownloadSchema.parse(download), proposal)),
    )
  } catch (error) {
    if (error instanceof Refused) return err(error.error)
    throw error
  }
}

async function propose(
  tx: Transaction,
  clock: Clock,
  download: TouDownload,
  proposal: Omit<GroupProposal, 'download'>,
): Promise<ProposedGroup> {
  const orders: MeterOrder[] = []
  let approvalsNeeded = 0
  for (const part of partsOfDownload(download)) {
    const proposed = await proposeOrder(tx, clock, { ...proposal, ...part })
    if (!proposed.ok) throw new Refused(proposed.error)
    orders.push(proposed.value.order)
    approvalsNeeded = Math.max(approvalsNeeded, proposed.value.approvalsNeeded)
  }
  const { meterId, reason, author, notBefore, expiresAt } = present(orders[0], 'an order of the group')
  const content = { meterId, kind: 'tou_tables', parameters: download, reason, author, notBefore, expiresAt }
  const orderIds = orders.map(({ orderId }) => orderId)
  const groupId = uuidOf('meter_order_group', ...orderIds)
  const named = { ...content, groupId, recordedAt: clock.now() }
  const group = { ...named, groupDigest: groupDigestOf(named, orders) }
  const isNew = await insertOrderGroup(tx, group, orderIds)
  const stored = isNew ? group : present(await findOrderGroup(tx, groupId), groupId)
  return { kind: isNew ? 'created' : 'exists', group: stored, orders, approvalsNeeded }
}

/** SHA-256 of everything an approver sees: the tables as data and every order that follows from them. */
export function groupDigestOf(group: Omit<OrderGroup, 'groupDigest'>, orders: readonly MeterOrder[]): Buffer {
  const { groupId, meterId, kind, parameters, reason, author, notBefore, expiresAt, recordedAt } = group
  const digests = orders.map(({ orderDigest }) => orderDigest.toString('hex'))
  return createHash('sha256')
    .update(
      JSON.stringify([
        groupId,
        String(meterId),
        kind,
        sortedKeys(parameters),
        reason,
        author,
        notBefore,
        expiresAt,
        recordedAt,
        digests,
      ]),
    )
    .digest()
}

/** One person's approval of a whole group: of the tables, and of every order that writes a part of them. All or nothing. */
export async function approveOrderGroup(
  database: Database,
  clock: Clock,
  { groupId, actor }: { readonly groupId: string; readonly actor: string },
): Promise<Result<{ readonly kind: 'created' | 'exists'; readonly group: OrderGroup }, ApproveOrderError>> {
  const found = await loadGroup(database, groupId)
  if (found === null) return err({ kind: 'order_not_found' })
  const { group, orders } = found
  const actorKind = await findActorKind(database, actor)
  if (actorKind === null) return err({ kind: 'actor_unknown' })
  if (actorKind !== 'person') return err({ kind: 'approver_not_person' })
  if (group.author === actor) return err({ kind: 'author_is_approver' })
  const approvedAt = clock.now()
  if (approvedAt >= group.expiresAt) return err({ kind: 'expired' })
  if (!isAsProposed(found)) return err({ kind: 'edited' })
  const { groupDigest } = group
  const isNew = await database.transaction(async (tx) => {
    const inserted = await insertGroupApproval(tx, { groupId, approver: actor, groupDigest, approvedAt })
    for (const { orderId } of orders) {
      const approved = await approveOrder(tx, clock, { orderId, actor })
      if (!approved.ok) throw new Error(`part ${orderId} of a group that may be approved: ${approved.error.kind}`)
    }
    return inserted
  })
  return ok({ kind: isNew ? 'created' : 'exists', group })
}

export interface LoadedGroup {
  readonly group: OrderGroup
  readonly orders: readonly MeterOrder[]
}

export async function loadGroup(client: Queryable, groupId: string): Promise<LoadedGroup | null> {
  const group = await findOrderGroup(client, groupId)
  if (group === null) return null
  const orders: MeterOrder[] = []
  for (const orderId of await memberOrders(client, groupId)) {
    const order = await findOrder(client, orderId)
    if (order !== null) orders.push(order)
  }
  return { group, orders }
}

/** Whether the orders are exactly those that follow from the tables, and nothing was changed since. */
function isAsProposed({ group, orders }: LoadedGroup): boolean {
  const download = touDownloadSchema.safeParse(group.parameters)
  if (!download.success) return false
  const parts = partsOfDownload(download.data)
  const areParts =
    parts.length === orders.length &&
    parts.every(({ kind, parameters }, index) => {
      const order = orders[index]
      const isSame = JSON.stringify(sortedKeys(order?.parameters)) === JSON.stringify(sortedKeys(parameters))
      return order !== undefined && order.kind === kind && isSame && orderDigestOf(order).equals(order.orderDigest)
    })
  return areParts && groupDigestOf(group, orders).equals(group.groupDigest)
}
