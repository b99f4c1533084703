import { fourEyes, personNeeded, unknownActor } from '../../domain/actor-errors.js'
import { UserError } from '../../domain/errors.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { findActorKind } from '../../storage/billing/actors.js'
import type { Database, Queryable } from '../../storage/database.js'
import { insertRevision, insertRevisionApproval, listRevisions } from '../../storage/mdm/policy-revisions.js'
import { type EstimationPolicyDocument, estimationPolicyDigest } from './policy-document.js'

export interface PolicySubmission {
  readonly document: EstimationPolicyDocument
  readonly author: string
  readonly reason: string
  readonly effectiveFrom: Instant
}

/** Hands in a policy for approval. The same one again, from the same author with the same reason, is `exists` while nobody followed it. */
export async function submitEstimationPolicy(
  database: Database,
  clock: Clock,
  { document, author, reason, effectiveFrom }: PolicySubmission,
): Promise<{ readonly kind: 'created' | 'exists'; readonly revision: number }> {
  await requirePerson(database, author, '编制估算策略 a policy')
  const sha256 = estimationPolicyDigest(document)
  return database.transaction(async (tx) => {
    const [latest] = await listRevisions(tx, 'estimation_policy')
    if (latest !== undefined && latest.sha256.equals(sha256) && latest.author === author && latest.reason === reason)
      return { kind: 'exists', revision: latest.revision }
    const row = { document, sha256, effectiveFrom, recordedAt: clock.now(), author, reason }
    return { kind: 'created', revision: await insertRevision(tx, 'estimation_policy', row) }
  })
}

/**
 * @throws UserError `refused` with reason `four_eyes` for the author, `not_found`.
 * @returns false when it was approved before.
 */
export async function approveEstimationPolicy(
  database: Database,
  clock: Clock,
  { revision, approver }: { readonly revision: number; readonly approver: string },
): Promise<boolean> {
  await requirePerson(database, approver, '审批 an approval')
  const found = (await listRevisions(database, 'estimation_policy')).find((each) => each.revision === revision)
  if (found === undefined)
    throw new UserError('not_found', `估算策略无此版本 there is no revision ${revision} of the estimation policy`)
  if (found.author === approver) throw fourEyes(approver, `编制了估算策略 wrote revision ${revision}`)
  if (found.approver !== null) return false
  return (
    (await insertRevisionApproval(database, 'estimation_policy', { revision, approver, approvedAt: clock.now() })) === 1
  )
}

async function requirePerson(queryable: Queryable, actor: string, act: string): Promise<void> {
  const kind = await findActorKind(queryable, actor)
  if (kind === null) throw unknownActor(actor)
  if (kind !== 'person') throw personNeeded(actor, act)
}
