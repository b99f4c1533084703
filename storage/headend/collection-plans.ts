import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface PlanRevision {
  readonly revision: number
  /** As stored; whoever uses it parses it. */
  readonly document: unknown
  readonly sha256: Buffer
  readonly effectiveFrom: Instant
  readonly recordedAt: Instant
  readonly author: string
  readonly reason: string
  /** Windows of lines that did not hold their reads when it was handed in. */
  readonly unfitWindows: number
  /** Null while nobody has approved it. */
  readonly approver: string | null
  readonly approvedAt: Instant | null
}

const columns = `p.revision, p.document, p.sha256, p.effective_from as "effectiveFrom", p.recorded_at as "recordedAt", p.author, p.reason,
  p.unfit_windows as "unfitWindows",
  a.approver, a.approved_at as "approvedAt"`

/** The revision in force at `at` as known at `knownAt`; null while the built-in plan is. */
export async function planAsOf(queryable: Queryable, knownAt: Instant, at: Instant): Promise<PlanRevision | null> {
  const [row] = await queryable.query<PlanRevision>(
    `select ${columns} from collection_plan_as_of($1, $2) p join collection_plan_approval a using (revision)`,
    [toTimestamptz(knownAt), toTimestamptz(at)],
  )
  return row ?? null
}

export async function findPlan(queryable: Queryable, revision: number): Promise<PlanRevision | null> {
  const [row] = await queryable.query<PlanRevision>(
    `select ${columns} from collection_plan p left join collection_plan_approval a using (revision) where p.revision = $1`,
    [revision],
  )
  return row ?? null
}

/** All revisions, latest first. */
export async function listPlans(queryable: Queryable): Promise<readonly PlanRevision[]> {
  return queryable.query<PlanRevision>(
    `select ${columns} from collection_plan p left join collection_plan_approval a using (revision) order by p.revision desc`,
  )
}

export type NewPlan = Pick<
  PlanRevision,
  'sha256' | 'effectiveFrom' | 'recordedAt' | 'author' | 'reason' | 'unfitWindows'
> & {
  readonly document: object
}

/** Numbers revisions without a gap: two who submit at once get two numbers. @returns the number. */
export async function insertPlan(tx: Transaction, plan: NewPlan): Promise<number> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('collection_plan', 0))`)
  const [row] = await tx.query<{ readonly revision: number }>(
    `insert into collection_plan (revision, document, sha256, effective_from, recorded_at, author, reason, unfit_windows)
     select 1 + coalesce(max(revision), 0), $1, $2, $3, $4, $5, $6, $7 from collection_plan returning revision`,
    [
      JSON.stringify(plan.document),
      plan.sha256,
      toTimestamptz(plan.effectiveFrom),
      toTimestamptz(plan.recordedAt),
      plan.author,
      plan.reason,
      plan.unfitWindows,
    ],
  )
  return row?.revision ?? 0
}

/** The author's own approval breaks a check. @returns 0 when the revision was approved before or is not there. */
export async function insertPlanApproval(
  queryable: Queryable,
  approval: {
    readonly revision: number
    readonly approver: string
    readonly approvedAt: Instant
    readonly unfitWindows: number
  },
): Promise<number> {
  return queryable.execute(
    `insert into collection_plan_approval (revision, author, approver, approved_at, unfit_windows)
     select revision, author, $2, $3, $4 from collection_plan where revision = $1 on conflict (revision) do nothing`,
    [approval.revision, approval.approver, toTimestamptz(approval.approvedAt), approval.unfitWindows],
  )
}
