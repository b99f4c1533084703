import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** A revision of a policy that one person hands in and another one approves. */
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

export type NewPolicy = Pick<PolicyRevision, 'sha256' | 'effectiveFrom' | 'recordedAt' | 'author' | 'reason'> & {
  readonly document: object
}

/** Tables of one shape, each with its approvals beside it. */
export type PolicyTable = 'estimation_policy' | 'validation_policy'

/** Columns of a revision `p` and its approval `a`. */
export const revisionColumns = `p.revision, p.document, p.sha256, p.effective_from as "effectiveFrom", p.recorded_at as "recordedAt", p.author,
  p.reason, a.approver, a.approved_at as "approvedAt"`

/** All revisions, latest first. */
export function listRevisions(queryable: Queryable, table: PolicyTable): Promise<readonly PolicyRevision[]> {
  return queryable.query<PolicyRevision>(
    `select ${revisionColumns} from ${table} p left join ${table}_approval a using (revision) order by p.revision desc`,
  )
}

/** Numbers revisions without a gap: two who submit at once get two numbers. @returns the number. */
export async function insertRevision(tx: Transaction, table: PolicyTable, policy: NewPolicy): Promise<number> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 0))', [table])
  const [row] = await tx.query<{ readonly revision: number }>(
    `insert into ${table} (revision, document, sha256, effective_from, recorded_at, author, reason)
     select 1 + coalesce(max(revision), 0), $1, $2, $3, $4, $5, $6 from ${table} returning revision`,
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
export function insertRevisionApproval(
  queryable: Queryable,
  table: PolicyTable,
  approval: { readonly revision: number; readonly approver: string; readonly approvedAt: Instant },
): Promise<number> {
  return queryable.execute(
    `insert into ${table}_approval (revision, author, approver, approved_at)
     select revision, author, $2, $3 from ${table} where revision = $1 on conflict (revision) do nothing`,
    [approval.revision, approval.approver, toTimestamptz(approval.approvedAt)],
  )
}
