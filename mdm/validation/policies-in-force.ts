import { UserError } from '../../domain/errors.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import type { PolicyRevision } from '../../storage/mdm/policy-revisions.js'
import { approvedPolicies } from '../../storage/mdm/validation-policies.js'
import { defaultValidationPolicy } from './built-in-policy.js'
import type { PolicyAt } from './decide-group.js'
import { policyDocumentSchema } from './policy-document.js'
import type { ValidationPolicy } from './policy.js'
import { toPolicy } from './to-policy.js'

/**
 * The policy that judges a key of an instant, as known at `knownAt`: the latest approved revision that is effective then, the built-in
 * one before all of them. @throws UserError `bad_config` for a stored policy that this program cannot read.
 */
export async function policiesInForce(queryable: Queryable, knownAt: Instant): Promise<PolicyAt> {
  const revisions = (await approvedPolicies(queryable, knownAt)).map((revision) => ({
    effectiveFrom: revision.effectiveFrom,
    policy: readStoredPolicy(revision),
  }))
  return (readAt) => revisions.find(({ effectiveFrom }) => effectiveFrom <= readAt)?.policy ?? defaultValidationPolicy
}

export function readStoredPolicy({ revision, document }: PolicyRevision): ValidationPolicy {
  const parsed = policyDocumentSchema.safeParse(document)
  if (parsed.success) return toPolicy(String(revision), parsed.data)
  const issue = parsed.error.issues[0]
  throw new UserError(
    'bad_config',
    `validation policy, revision ${revision}: ${issue?.path.join('.') || '(top level)'}: ${issue?.message ?? 'invalid'}`,
  )
}
