import { err, ok, type Result } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import type { Database } from '../../storage/database.js'
import { insertPolicyVersion, selectPolicyVersions } from '../../storage/dunning/policies.js'
import { type PolicyError, parsePolicy } from '../policy/parse-policy.js'
import { policyDigest } from '../policy/policy.js'

export interface PolicyApproval {
  readonly author: string
  readonly approver: string
}

export type RegisterPolicyError =
  | PolicyError
  | { readonly kind: 'author_is_approver'; readonly actor: string }
  | { readonly kind: 'exists_with_different_document'; readonly code: string; readonly version: number }

export interface RegisteredPolicy {
  readonly kind: 'created' | 'exists'
  readonly code: string
  readonly version: number
}

/** Makes a lawful policy version usable. The same document again is `exists`; a version never changes. */
export async function registerPolicy(
  database: Database,
  clock: Clock,
  document: unknown,
  { author, approver }: PolicyApproval,
): Promise<Result<RegisteredPolicy, RegisterPolicyError>> {
  const parsed = parsePolicy(document)
  if (!parsed.ok) return parsed
  if (author === approver) return err({ kind: 'author_is_approver', actor: author })
  const policy = parsed.value
  const { code, version } = policy
  const sha256 = policyDigest(policy)
  const recordedAt = clock.now()
  const row = { policyCode: code, version, document: policy, sha256, author, approver, recordedAt }
  if (await insertPolicyVersion(database, row)) return ok({ kind: 'created', code, version })
  const versions = await selectPolicyVersions(database, recordedAt)
  const same = versions.find((one) => one.policyCode === code && one.version === version)?.sha256.equals(sha256)
  return same === true
    ? ok({ kind: 'exists', code, version })
    : err({ kind: 'exists_with_different_document', code, version })
}
