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

const select = `select p.revision, p.document, p.sha256, p.effective_from as "effectiveFrom", p.recorded_at as "recordedAt", p.author,
    p.reason, a.approver, a.approved_at as "approvedAt"
  from validation_policy p left join validation_policy_approval a using (revision)`

/** The revisions that were approved by an instant, latest first. */
export function approvedPolicies(queryable: Queryable, knownAt: Instant): Promise<readonly PolicyRevision[]> {
  return queryable.query<PolicyRevision>(`${select} where a.approved_at <= $1 order by p.revision desc`, [
    toTimestamptz(knownAt),
  ])
}

/** All revisions, latest first. */
export function listPolicies(queryable: Queryable): Promise<readonly PolicyRevision[]> {
  return queryable.query<PolicyRevision>(`${select} order by p.revision desc`)
}

export async function findPolicy(queryable: Queryable, revision: number): Promise<PolicyRevision | null> {
  const [row] = await queryable.query<PolicyRevision>(`${select} where p.revision = $1`, [revision])
  return row ?? null
}

export type NewPolicy = Pick<PolicyRevision, 'sha256' | 'effectiveFrom' | 'recordedAt' | 'author' | 'reason'> & {
  readonly document: object
}

/** Numbers revisions without a gap: two who submit at once get two numbers. @returns the number. */
export async function insertPolicy(tx: Transaction, policy: NewPolicy): Promise<number> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('validation_policy', 0))`)
  const [row] = await tx.query<{ readonly revision: number }>(
    `insert into validation_policy (revision, document, sha256, effective_from, recorded_at, author, reason)
     select 1 + coalesce(max(revision), 0), $1, $2, $3, $4, $5, $6 from validation_policy returning revision`,
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
export function insertPolicyApproval(
  queryable: Queryable,
  approval: { readonly revision: number; readonly approver: string; readonly approvedAt: Instant },
): Promise<number> {
  return queryable.execute(
    `insert into validation_policy_approval (revision, author, approver, approved_at)
     select revision, author, $2, $3 from validation_policy where revision = $1 on conflict (revision) do nothing`,
    [approval.revision, approval.approver, toTimestamptz(approval.approvedAt)],
  )
}
