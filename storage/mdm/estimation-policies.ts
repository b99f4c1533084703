import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface PolicyRevision {
  readonly revision: number
  /** As stored; whoever uses it parses it. */
  readonly document: unknown
  readonly sha256: Buffer
  readonly effectiveFrom: Instant
  readonly recordedAt: Instant
  readonly author: string
  readonly reason: string
  /** Null while nobody has approved it. */
  readonly approver: string | null
  readonly approvedAt: Instant | null
}

const columns = `p.revision, p.document, p.sha256, p.effective_from as "effectiveFrom", p.recorded_at as "recordedAt", p.author, p.reason,
  a.approver, a.approved_at as "approvedAt"`

/** The revision in force at `at` as known at `knownAt`; null while the built-in policy is. */
export async function estimationPolicyAsOf(
  queryable: Queryable,
  knownAt: Instant,
  at: Instant,
): Promise<PolicyRevision | null> {
  const [row] = await queryable.query<PolicyRevision>(
    `select ${columns} from estimation_policy_as_of($1, $2) p join estimation_policy_approval a using (revision)`,
    [toTimestamptz(knownAt), toTimestamptz(at)],
  )
  return row ?? null
}

/** All revisions, latest first. */
export async function listEstimationPolicies(queryable: Queryable): Promise<readonly PolicyRevision[]> {
  return queryable.query<PolicyRevision>(
    `select ${columns} from estimation_policy p left join estimation_policy_approval a using (revision) order by p.revision desc`,
  )
}

export type NewPolicy = Pick<PolicyRevision, 'sha256' | 'effectiveFrom' | 'recordedAt' | 'author' | 'reason'> & {
  readonly document: object
}

/** Numbers revisions without a gap: two who submit at once get two numbers. @returns the number. */
export async function insertEstimationPolicy(tx: Transaction, policy: NewPolicy): Promise<number> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('estimation_policy', 0))`)
  const [row] = await tx.query<{ readonly revision: number }>(
    `insert into estimation_policy (revision, document, sha256, effective_from, recorded_at, author, reason)
     select 1 + coalesce(max(revision), 0), $1, $2, $3, $4, $5, $6 from estimation_policy returning revision`,
    [
      JSON.stringify(policy.document),
      policy.sha256,
      toTimestamptz(policy.effectiveFrom),
      toTimestamptz(policy.recordedAt),
      policy.author,
      policy.reason,
    ],
  )
  return row?.revision ?? 0
}

/** The author's own approval breaks a check. @returns 0 when the revision was approved before or is not there. */
export async function insertEstimationPolicyApproval(
  queryable: Queryable,
  approval: { readonly revision: number; readonly approver: string; readonly approvedAt: Instant },
): Promise<number> {
  return queryable.execute(
    `insert into estimation_policy_approval (revision, author, approver, approved_at)
     select revision, author, $2, $3 from estimation_policy where revision = $1 on conflict (revision) do nothing`,
    [approval.revision, approval.approver, toTimestamptz(approval.approvedAt)],
  )
}
