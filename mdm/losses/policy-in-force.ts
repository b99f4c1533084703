import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { policyInForce } from '../policies/policy-kind.js'
import type { LossPolicy } from './loss-policy.js'
import { lossPolicyKind, toLossPolicy } from './policy-document.js'

/** The policy in force as known then. @throws UserError `bad_config` for a stored policy that this program cannot read. */
export async function lossPolicyInForce(queryable: Queryable, now: Instant): Promise<LossPolicy> {
  const { version, document } = await policyInForce(lossPolicyKind, queryable, { knownAt: now })
  return toLossPolicy(version, document)
}
