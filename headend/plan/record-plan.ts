import { fourEyes, personNeeded, unknownActor } from '../../domain/actor-errors.js'
import { UserError } from '../../domain/errors.js'
import type { Clock } from '../../domain/runtime.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import { findActorKind } from '../../storage/billing/actors.js'
import type { Database, Queryable } from '../../storage/database.js'
import { findPlan, insertPlan, insertPlanApproval, listPlans } from '../../storage/headend/collection-plans.js'
import { planFeasibility, unfitOf } from './plan-feasibility.js'
import { readStored } from './plan-in-force.js'
import { type CollectionPlan, planDigest } from './plan-document.js'

export interface Submission {
  readonly plan: CollectionPlan
  readonly author: string
  readonly reason: string
  readonly effectiveFrom: Instant
  /** Its author knows of windows that do not hold what is read on a line, and wants the plan all the same. */
  readonly acceptsUnfit?: boolean
}

export interface SubmittedPlan {
  readonly kind: 'created' | 'exists'
  readonly revision: number
}

/**
 * Hands in a plan for approval. The same plan again, from the same author and for the same time, is `exists` while nobody has followed it.
 * @throws UserError `refused` with reason `plan_does_not_fit` where a window does not hold what is read on a line of the registry.
 */
export async function submitPlan(database: Database, clock: Clock, submission: Submission): Promise<SubmittedPlan> {
  const { plan, author, reason, effectiveFrom, acceptsUnfit = false } = submission
  await requirePerson(database, author, '编制方案 a plan')
  const unfitWindows = await unfitWindowsOf(database, plan, { now: clock.now(), acceptsUnfit })
  const sha256 = planDigest(plan)
  return database.transaction(async (tx) => {
    const [latest] = await listPlans(tx)
    if (latest !== undefined && latest.sha256.equals(sha256) && latest.author === author && latest.reason === reason)
      return { kind: 'exists', revision: latest.revision }
    const row = { document: plan, sha256, effectiveFrom, recordedAt: clock.now(), author, reason, unfitWindows }
    return { kind: 'created', revision: await insertPlan(tx, row) }
  })
}

/**
 * @throws UserError `refused` with reason `four_eyes` for the author, with `plan_does_not_fit` as for the author, `not_found`.
 * @returns false when it was approved before.
 */
export async function approvePlan(
  database: Database,
  clock: Clock,
  approval: { readonly revision: number; readonly approver: string; readonly acceptsUnfit?: boolean },
): Promise<boolean> {
  const { revision, approver, acceptsUnfit = false } = approval
  await requirePerson(database, approver, '审批 an approval')
  const plan = await findPlan(database, revision)
  if (plan === null)
    throw new UserError('not_found', `采集方案无此版本 there is no revision ${revision} of the collection plan`)
  if (plan.author === approver) throw fourEyes(approver, `编制了方案 wrote revision ${revision}`)
  if (plan.approver !== null) return false
  const unfitWindows = await unfitWindowsOf(database, readStored(plan).plan, { now: clock.now(), acceptsUnfit })
  // The look over the whole registry takes its time, and an act is to be of the present.
  return (await insertPlanApproval(database, { revision, approver, approvedAt: clock.now(), unfitWindows })) === 1
}

/** Windows that do not hold what is read on a line. @throws UserError `refused` where there are some and nobody accepts that. */
async function unfitWindowsOf(
  queryable: Queryable,
  plan: CollectionPlan,
  { now, acceptsUnfit }: { readonly now: Instant; readonly acceptsUnfit: boolean },
): Promise<number> {
  const unfit = unfitOf(await planFeasibility(queryable, plan, now))
  const [first] = unfit
  if (first === undefined || acceptsUnfit) return unfit.length
  const { schedule, line, predictedMs, windowMs } = first
  const minutes = (ms: number) => (ms / minuteMs).toFixed(1)
  throw new UserError(
    'refused',
    `${unfit.length} 个线路窗口排不下应抄数据，首个为 ${line} 上的 ${schedule}：需 ${minutes(predictedMs)} 分钟，仅有 ${minutes(windowMs)} 分钟；请加宽窗口，或以 --accept-unfit 接受 ${unfit.length} windows of lines do not hold their reads, the first: ${schedule} on ${line} takes ${minutes(predictedMs)} min and has ${minutes(windowMs)} min; widen them, or accept it with --accept-unfit`,
    { reason: 'plan_does_not_fit' },
  )
}

async function requirePerson(queryable: Queryable, actor: string, act: string): Promise<void> {
  const kind = await findActorKind(queryable, actor)
  if (kind === null) throw unknownActor(actor)
  if (kind !== 'person') throw personNeeded(actor, act)
}
