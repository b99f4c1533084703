import type { MeterOrder } from '../../domain/meter-order.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import { findActorKind } from '../../storage/billing/actors.js'
import type { Queryable } from '../../storage/database.js'
import { findOrder, insertOrderApproval } from '../../storage/headend/orders.js'
import { orderDigestOf } from './order-digest.js'

export interface ApproveOrderError {
  readonly kind:
    | 'order_not_found'
    | 'actor_unknown'
    | 'approver_not_person'
    | 'author_is_approver'
    | 'expired'
    | 'edited'
}

/** One person's approval of exactly what is stored. The database refuses the same as this, for whoever goes around it. */
export async function approveOrder(
  database: Queryable,
  clock: Clock,
  { orderId, actor }: { readonly orderId: string; readonly actor: string },
): Promise<Result<{ readonly kind: 'created' | 'exists'; readonly order: MeterOrder }, ApproveOrderError>> {
  const order = await findOrder(database, orderId)
  if (order === null) return err({ kind: 'order_not_found' })
  const actorKind = await findActorKind(database, actor)
  if (actorKind === null) return err({ kind: 'actor_unknown' })
  if (actorKind !== 'person') return err({ kind: 'approver_not_person' })
  if (order.author === actor) return err({ kind: 'author_is_approver' })
  const approvedAt = clock.now()
  if (approvedAt >= order.expiresAt) return err({ kind: 'expired' })
  const { orderDigest } = order
  if (!orderDigestOf(order).equals(orderDigest)) return err({ kind: 'edited' })
  const isNew = await insertOrderApproval(database, orderId, { approver: actor, orderDigest, approvedAt })
  return ok({ kind: isNew ? 'created' : 'exists', order })
}
