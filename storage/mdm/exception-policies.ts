import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface ExceptionPolicyRow {
  readonly revision: number
  /** As stored; whoever uses it parses it. */
  readonly document: unknown
  readonly author: string | null
  readonly approver: string | null
}

/** The policy in force; the product ships one. */
export async function policyInForce(client: Queryable, knownAt: Instant): Promise<ExceptionPolicyRow | null> {
  const [row] = await client.query<ExceptionPolicyRow>(
    `select p.revision, p.document, p.author, a.approver
       from exception_policy_as_of($1) p left join exception_policy_approval a using (revision)`,
    [toTimestamptz(knownAt)],
  )
  return row ?? null
}

export async function findPolicy(client: Queryable, revision: number): Promise<ExceptionPolicyRow | null> {
  const [row] = await client.query<ExceptionPolicyRow>(
    `select p.revision, p.document, p.author, a.approver
       from exception_policy p left join exception_policy_approval a using (revision) where p.revision = $1`,
    [revision],
  )
  return row ?? null
}

/** @returns the revision that it became. */
export async function insertPolicy(
  client: Queryable,
  policy: {
    readonly document: object
    readonly author: string
    readonly reason: string
    readonly recordedAt: Instant
  },
): Promise<number> {
  const [row] = await client.query<{ readonly revision: number }>(
    `insert into exception_policy (revision, document, author, reason, recorded_at)
     select 1 + max(revision), $1, $2, $3, $4 from exception_policy returning revision`,
    [JSON.stringify(policy.document), policy.author, policy.reason, toTimestamptz(policy.recordedAt)],
  )
  return row?.revision ?? 0
}

/** @returns 0 when it was approved before. */
export function insertPolicyApproval(
  client: Queryable,
  { revision, approver, approvedAt }: { revision: number; approver: string; approvedAt: Instant },
): Promise<number> {
  return client.execute(
    `insert into exception_policy_approval (revision, author, approver, approved_at)
     select revision, author, $2, $3 from exception_policy where revision = $1 and author is not null
         on conflict do nothing`,
    [revision, approver, toTimestamptz(approvedAt)],
  )
}
