import { UserError } from '../../domain/errors.js'
import { issueText } from '../../domain/schema-issue.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { planAsOf } from '../../storage/headend/collection-plans.js'
import type { PolicyRevision } from '../../storage/policies/policy-revisions.js'
import { defaultPlan } from './default-plan.js'
import { type CollectionPlan, planDocumentSchema } from './plan-document.js'

export interface PlanInForce {
  /** Null for the built-in plan. */
  readonly revision: number | null
  readonly plan: CollectionPlan
}

/** The plan in force at `at` as known at `knownAt`. @throws UserError `bad_config` for a stored plan that this program cannot read. */
export async function planInForce(queryable: Queryable, knownAt: Instant, at: Instant): Promise<PlanInForce> {
  const stored = await planAsOf(queryable, knownAt, at)
  return stored === null ? { revision: null, plan: defaultPlan } : readStored(stored)
}

export function readStored({ revision, document }: Pick<PolicyRevision, 'revision' | 'document'>): PlanInForce {
  const parsed = planDocumentSchema.safeParse(document)
  if (parsed.success) return { revision, plan: parsed.data }
  const issue = parsed.error.issues[0]
  throw new UserError(
    'bad_config',
    `采集方案 collection plan, revision ${revision}: ${issue?.path.join('.') || '(top level)'}: ${issue === undefined ? '' : issueText(issue)}`,
  )
}
