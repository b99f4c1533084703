import { UserError } from '../../domain/errors.js'
import type { Clock } from '../../domain/runtime.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import type { Database, Queryable } from '../../storage/database.js'
import type { PolicyRevision } from '../../storage/policies/policy-revisions.js'
import {
  approvePolicy,
  type PolicyName,
  requireAuthor,
  type SubmittedPolicy,
  submitPolicy,
} from '../../storage/policies/sign-policy.js'
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

const planName: PolicyName = { table: 'collection_plan', zh: '采集方案', en: 'the collection plan' }

/**
 * Hands in a plan for approval. The same plan again, from the same author with the same reason, is `exists` while nobody has followed it.
 * @throws UserError `refused` with reason `plan_does_not_fit` where a window does not hold what is read on a line of the registry.
 */
export async function submitPlan(database: Database, clock: Clock, submission: Submission): Promise<SubmittedPolicy> {
  const { plan, acceptsUnfit = false, ...signed } = submission
  await requireAuthor(database, planName, signed.author)
  const unfitWindows = await unfitWindowsOf(database, plan, { now: clock.now(), acceptsUnfit })
  const policy = { ...signed, document: plan, sha256: planDigest(plan) }
  return submitPolicy(database, clock, planName, policy, { unfit_windows: unfitWindows })
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
  const look = async (policy: PolicyRevision) => ({
    unfit_windows: await unfitWindowsOf(database, readStored(policy).plan, { now: clock.now(), acceptsUnfit }),
  })
  return approvePolicy(database, clock, planName, { revision, approver, look })
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
