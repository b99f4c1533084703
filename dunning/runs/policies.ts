import { UserError } from '../../domain/errors.js'
import { invariant, present } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import type { Queryable } from '../../storage/database.js'
import { selectPolicyVersions } from '../../storage/dunning/policies.js'
import { type DunningPolicy, policyDigest, policySchema } from '../policy/policy.js'

/** The policy versions known to a run. */
export interface Policies {
  readonly latest: (code: string) => DunningPolicy
  readonly version: (code: string, version: number) => DunningPolicy
}

/** Reads every policy version recorded so far and checks that none was altered. */
export async function loadPolicies(client: Queryable, clock: Clock): Promise<Policies> {
  const policies = (await selectPolicyVersions(client, clock.now())).map(({ document, sha256 }) => {
    const policy = policySchema.parse(document)
    invariant(policyDigest(policy).equals(sha256), `dunning policy ${policy.code} ${policy.version} has another digest`)
    return policy
  })
  return {
    latest(code) {
      const latest = policies.findLast((policy) => policy.code === code)
      if (latest === undefined) throw new UserError('not_found', `无此催费策略 no dunning policy ${code} is registered`)
      return latest
    },
    version: (code, version) =>
      present(
        policies.find((policy) => policy.code === code && policy.version === version),
        `dunning policy ${code} ${version}`,
      ),
  }
}
