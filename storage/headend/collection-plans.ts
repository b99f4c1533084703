import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { findRevision, listRevisions, type PolicyRevision, revisionAsOf } from '../policies/policy-revisions.js'

const table = 'collection_plan'

export interface PlanRevision extends PolicyRevision {
  /** Windows of lines that did not hold their reads when it was handed in. */
  readonly unfitWindows: number
}

/** The revision in force at `at` as known at `knownAt`; null while the built-in plan is. */
export function planAsOf(queryable: Queryable, knownAt: Instant, at: Instant): Promise<PlanRevision | null> {
  return revisionAsOf<PlanRevision>(queryable, table, { knownAt, at })
}

export function findPlan(queryable: Queryable, revision: number): Promise<PlanRevision | null> {
  return findRevision<PlanRevision>(queryable, table, revision)
}

/** All revisions, latest first. */
export function listPlans(queryable: Queryable): Promise<readonly PlanRevision[]> {
  return listRevisions<PlanRevision>(queryable, table)
}
