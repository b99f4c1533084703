import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { policyInForce } from '../policies/policy-kind.js'
import type { CurvePolicy } from './policy.js'
import { curvePolicyKind, toCurvePolicy } from './policy-document.js'

/** The policy in force as known then. @throws UserError `bad_config` for a stored policy that this program cannot read. */
export async function curvePolicyInForce(queryable: Queryable, now: Instant): Promise<CurvePolicy> {
  const { version, document } = await policyInForce(curvePolicyKind, queryable, { knownAt: now })
  return toCurvePolicy(version, document)
}
