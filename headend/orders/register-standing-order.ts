import { err, ok, type Result } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import { findActorKind } from '../../storage/billing/actors.js'
import type { Database } from '../../storage/database.js'
import {
  findStandingOrder,
  insertStandingApproval,
  insertStandingOrder,
} from '../../storage/headend/standing-orders.js'
import type { ApproveOrderError } from './approve-order.js'
import {
  parseStandingOrder,
  type StandingOrder,
  standingOrderDigest,
  type StandingOrderError,
} from './standing-order.js'

export type RegisterStandingError =
  | StandingOrderError
  | { readonly kind: 'actor_unknown' | 'exists_with_different_document' }

export interface RegisteredStanding {
  readonly kind: 'created' | 'exists'
  readonly standingOrder: StandingOrder
}

/** Puts a version of a standing order on record. It holds once two other people have approved it; a version never changes. */
export async function registerStandingOrder(
  database: Database,
  clock: Clock,
  document: unknown,
  author: string,
): Promise<Result<RegisteredStanding, RegisterStandingError>> {
  const parsed = parseStandingOrder(document)
  if (!parsed.ok) return parsed
  if ((await findActorKind(database, author)) === null) return err({ kind: 'actor_unknown' })
  const standingOrder = parsed.value
  const { code, version } = standingOrder
  const sha256 = standingOrderDigest(standingOrder)
  const row = { code, version, document: standingOrder, sha256, author, recordedAt: clock.now() }
  if (await insertStandingOrder(database, row)) return ok({ kind: 'created', standingOrder })
  const stored = await findStandingOrder(database, code, version)
  return stored?.sha256.equals(sha256) === true
    ? ok({ kind: 'exists', standingOrder })
    : err({ kind: 'exists_with_different_document' })
}

/** One person's approval of a version as it is stored. */
export async function approveStandingOrder(
  database: Database,
  clock: Clock,
  { code, version, actor }: { readonly code: string; readonly version: number; readonly actor: string },
): Promise<Result<{ readonly kind: 'created' | 'exists' }, ApproveOrderError>> {
  const stored = await findStandingOrder(database, code, version)
  if (stored === null) return err({ kind: 'order_not_found' })
  const actorKind = await findActorKind(database, actor)
  if (actorKind === null) return err({ kind: 'actor_unknown' })
  if (actorKind !== 'person') return err({ kind: 'approver_not_person' })
  if (stored.author === actor) return err({ kind: 'author_is_approver' })
  const parsed = parseStandingOrder(stored.document)
  const isAsWritten = parsed.ok && standingOrderDigest(parsed.value).equals(stored.sha256)
  if (!isAsWritten) return err({ kind: 'edited' })
  const approval = { approver: actor, orderDigest: stored.sha256, approvedAt: clock.now() }
  const isNew = await insertStandingApproval(database, { code, version }, approval)
  return ok({ kind: isNew ? 'created' : 'exists' })
}
