import { fourEyes, personNeeded, unknownActor } from '../../domain/actor-errors.js'
import { UserError } from '../../domain/errors.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { findActorKind } from '../../storage/billing/actors.js'
import type { Database, Queryable } from '../../storage/database.js'
import { insertRevision, insertRevisionApproval, listRevisions } from '../../storage/mdm/policy-revisions.js'
import { findPolicy } from '../../storage/mdm/validation-policies.js'
import { type PolicyDocument, policyDigest } from './policy-document.js'

export interface PolicySubmission {
  readonly document: PolicyDocument
  readonly author: string
  readonly reason: string
  readonly effectiveFrom: Instant
}

export interface SubmittedPolicy {
  readonly kind: 'created' | 'exists'
  readonly revision: number
}

/** Hands in a policy for approval. The same again from the same author is `exists` while nobody has followed it. */
export async function submitPolicy(
  database: Database,
  clock: Clock,
  { document, author, reason, effectiveFrom }: PolicySubmission,
): Promise<SubmittedPolicy> {
  await requirePerson(database, author, '编制校核方案 a validation policy')
  const sha256 = policyDigest(document)
  return database.transaction(async (tx) => {
    const [latest] = await listRevisions(tx, 'validation_policy')
    if (latest !== undefined && latest.sha256.equals(sha256) && latest.author === author && latest.reason === reason)
      return { kind: 'exists', revision: latest.revision }
    const row = { document, sha256, effectiveFrom, recordedAt: clock.now(), author, reason }
    return { kind: 'created', revision: await insertRevision(tx, 'validation_policy', row) }
  })
}

/**
 * @throws UserError `refused` with reason `four_eyes` for the author, `not_found`.
 * @returns false when it was approved before.
 */
export async function approvePolicy(
  database: Database,
  clock: Clock,
  { revision, approver }: { readonly revision: number; readonly approver: string },
): Promise<boolean> {
  await requirePerson(database, approver, '审批 an approval')
  const policy = await findPolicy(database, revision)
  if (policy === null)
    throw new UserError('not_found', `校核方案无此版本 there is no revision ${revision} of the validation policy`)
  if (policy.author === approver) throw fourEyes(approver, `编制了校核方案 wrote revision ${revision}`)
  if (policy.approver !== null) return false
  return (
    (await insertRevisionApproval(database, 'validation_policy', { revision, approver, approvedAt: clock.now() })) === 1
  )
}

async function requirePerson(queryable: Queryable, actor: string, act: string): Promise<void> {
  const kind = await findActorKind(queryable, actor)
  if (kind === null) throw unknownActor(actor)
  if (kind !== 'person') throw personNeeded(actor, act)
}
