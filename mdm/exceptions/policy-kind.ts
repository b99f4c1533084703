import { type ExceptionPolicy, exceptionPolicySchema } from '../../domain/exception-policy.js'
import { readShippedPolicy } from '../../storage/mdm/exception-policies.js'
import type { PolicyKind } from '../policies/policy-kind.js'

/** The migration ships the first revision, because decisions name theirs. */
export const shippedRevision = 1

export const exceptionPolicyKind: PolicyKind<ExceptionPolicy> = {
  table: 'exception_policy',
  zh: '异常队列规则',
  en: 'the policy of the exception queue',
  schema: exceptionPolicySchema,
  builtIn: async (queryable) => exceptionPolicySchema.parse(await readShippedPolicy(queryable, shippedRevision)),
  versionOf: (revision) => (revision === null ? 'built-in/1' : `exceptions/${revision}`),
}
