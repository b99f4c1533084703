import { UserError } from '../../domain/errors.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { estimationPolicyAsOf } from '../../storage/mdm/estimation-policies.js'
import type { PolicyRevision } from '../../storage/mdm/policy-revisions.js'
import { defaultEstimationPolicy, type EstimationPolicy } from './default-policy.js'
import { estimationPolicySchema } from './policy-document.js'

/** The policy in force as known then. @throws UserError `bad_config` for a stored policy that this program cannot read. */
export async function estimationPolicyInForce(queryable: Queryable, now: Instant): Promise<EstimationPolicy> {
  const stored = await estimationPolicyAsOf(queryable, now, now)
  return stored === null ? defaultEstimationPolicy : readStoredPolicy(stored)
}

export function readStoredPolicy({ revision, document }: PolicyRevision): EstimationPolicy {
  const parsed = estimationPolicySchema.safeParse(document)
  if (parsed.success) return { version: `estimation/${revision}`, document: parsed.data }
  const issue = parsed.error.issues[0]
  throw new UserError(
    'bad_config',
    `estimation policy, revision ${revision}: ${issue?.path.join('.') || '(top level)'}: ${issue?.message ?? 'invalid'}`,
  )
}
