import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { approvedRevisions } from '../../storage/policies/policy-revisions.js'
import { readStoredPolicy } from '../policies/policy-kind.js'
import { defaultValidationPolicy } from './built-in-policy.js'
import type { PolicyAt } from './decide-group.js'
import { validationPolicyKind } from './policy-kind.js'
import { toPolicy } from './to-policy.js'

/**
 * The policy that judges a key of an instant, as known at `knownAt`: the latest approved revision that is effective then, the built-in
 * one before all of them. @throws UserError `bad_config` for a stored policy that this program cannot read.
 */
export async function policiesInForce(queryable: Queryable, knownAt: Instant): Promise<PolicyAt> {
  const revisions = (await approvedRevisions(queryable, validationPolicyKind.table, knownAt)).map((revision) => {
    const { version, document } = readStoredPolicy(validationPolicyKind, revision)
    return { effectiveFrom: revision.effectiveFrom, policy: toPolicy(version, document) }
  })
  return (readAt) => revisions.find(({ effectiveFrom }) => effectiveFrom <= readAt)?.policy ?? defaultValidationPolicy
}
