import { fourEyes, personNeeded, unknownActor } from '../../domain/actor-errors.js'
import { UserError } from '../../domain/errors.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { findActorKind } from '../../storage/billing/actors.js'
import type { Database, Queryable } from '../../storage/database.js'
import { findPlan, insertPlan, insertPlanApproval, listPlans } from '../../storage/headend/collection-plans.js'
import { type CollectionPlan, planDigest } from './plan-document.js'

export interface Submission {
  readonly plan: CollectionPlan
  readonly author: string
  readonly reason: string
  readonly effectiveFrom: Instant
}

export interface SubmittedPlan {
  readonly kind: 'created' | 'exists'
  readonly revision: number
}

/** Hands in a plan for approval. The same plan again, from the same author and for the same time, is `exists` while nobody has followed it. */
export async function submitPlan(database: Database, clock: Clock, submission: Submission): Promise<SubmittedPlan> {
  const { plan, author, reason, effectiveFrom } = submission
  await requirePerson(database, author, '编制方案 a plan')
  const sha256 = planDigest(plan)
  return database.transaction(async (tx) => {
    const [latest] = await listPlans(tx)
    if (latest !== undefined && latest.sha256.equals(sha256) && latest.author === author && latest.reason === reason)
      return { kind: 'exists', revision: latest.revision }
    const row = { document: plan, sha256, effectiveFrom, recordedAt: clock.now(), author, reason }
    return { kind: 'created', revision: await insertPlan(tx, row) }
  })
}

/** @throws UserError `refused` with reason `four_eyes` for the author, `not_found`. @returns false when it was approved before. */
export async function approvePlan(
  database: Database,
  clock: Clock,
  { revision, approver }: { readonly revision: number; readonly approver: string },
): Promise<boolean> {
  await requirePerson(database, approver, '审批 an approval')
  const plan = await findPlan(database, revision)
  if (plan === null)
    throw new UserError('not_found', `采集方案无此版本 there is no revision ${revision} of the collection plan`)
  if (plan.author === approver) throw fourEyes(approver, `编制了方案 wrote revision ${revision}`)
  return (await insertPlanApproval(database, revision, approver, clock.now())) === 1
}

async function requirePerson(queryable: Queryable, actor: string, act: string): Promise<void> {
  const kind = await findActorKind(queryable, actor)
  if (kind === null) throw unknownActor(actor)
  if (kind !== 'person') throw personNeeded(actor, act)
}
