import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { policyInForce } from '../policies/policy-kind.js'
import type { EstimationPolicy } from './default-policy.js'
import { estimationPolicyKind } from './policy-kind.js'

/** The policy in force as known then. @throws UserError `bad_config` for a stored policy that this program cannot read. */
export async function estimationPolicyInForce(queryable: Queryable, now: Instant): Promise<EstimationPolicy> {
  const { version, document } = await policyInForce(estimationPolicyKind, queryable, { knownAt: now })
  return { version, document }
}
