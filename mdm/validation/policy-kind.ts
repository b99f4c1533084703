import type { PolicyKind } from '../policies/policy-kind.js'
import { builtInDocument, defaultValidationPolicy } from './built-in-policy.js'
import { type PolicyDocument, policyDocumentSchema } from './policy-document.js'

export const validationPolicyKind: PolicyKind<PolicyDocument> = {
  table: 'validation_policy',
  zh: '校核方案',
  en: 'the validation policy',
  schema: policyDocumentSchema,
  builtIn: () => Promise.resolve(builtInDocument),
  versionOf: (revision) => (revision === null ? defaultValidationPolicy.version : String(revision)),
}
