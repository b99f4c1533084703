import type { PolicyKind } from '../policies/policy-kind.js'
import { defaultEstimationPolicy } from './default-policy.js'
import { type EstimationPolicyDocument, estimationPolicySchema } from './policy-document.js'

export const estimationPolicyKind: PolicyKind<EstimationPolicyDocument> = {
  table: 'estimation_policy',
  zh: '估算策略',
  en: 'the estimation policy',
  schema: estimationPolicySchema,
  builtIn: () => Promise.resolve(defaultEstimationPolicy.document),
  versionOf: (revision) => (revision === null ? defaultEstimationPolicy.version : `estimation/${revision}`),
}
