import { z } from 'zod'
import { err, ok, type Result } from '../../domain/result.js'
import { checkPolicy, type PolicyViolation } from './check-policy.js'
import { type DunningPolicy, policySchema } from './policy.js'

export type PolicyError =
  | { readonly kind: 'policy_malformed'; readonly reason: string }
  | { readonly kind: 'policy_unlawful'; readonly violations: readonly PolicyViolation[] }

/** A policy from a parsed JSON document: refused when it is malformed or leaves the legal frame. */
export function parsePolicy(document: unknown): Result<DunningPolicy, PolicyError> {
  const parsed = policySchema.safeParse(document)
  if (!parsed.success) return err({ kind: 'policy_malformed', reason: z.prettifyError(parsed.error) })
  const violations = checkPolicy(parsed.data)
  return violations.length > 0 ? err({ kind: 'policy_unlawful', violations }) : ok(parsed.data)
}
