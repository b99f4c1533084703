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
export type PolicyTable =
  | 'collection_plan'
  | 'curve_policy'
  | 'estimation_policy'
  | 'exception_policy'
  | 'loss_policy'
  | 'validation_policy'

/** Columns that one table has beside the common ones, in revision and approval alike. */
export type OwnColumns = Readonly<Partial<Record<'unfit_windows', number>>>

const ownColumns: Readonly<Partial<Record<PolicyTable, string>>> = {
  collection_plan: ', p.unfit_windows as "unfitWindows"',
}

/** The revisions of a table with their approvals; one that the product ships has no author and is none. */
function revisionsOf(table: PolicyTable): string {
  return `select p.revision, p.document, p.sha256, p.effective_from as "effectiveFrom", p.recorded_at as "recordedAt", p.author, p.reason,
                 a.approver, a.approved_at as "approvedAt" ${ownColumns[table] ?? ''}
            from ${table} p left join ${table}_approval a using (revision) where p.author is not null`
}

/** All revisions, latest first. */
export function listRevisions<Revision extends PolicyRevision = PolicyRevision>(
  queryable: Queryable,
  table: PolicyTable,
): Promise<readonly Revision[]> {
  return queryable.query<Revision>(`${revisionsOf(table)} order by p.revision desc`)
}

export async function findRevision<Revision extends PolicyRevision = PolicyRevision>(
  queryable: Queryable,
  table: PolicyTable,
  revision: number,
): Promise<Revision | null> {
  const [row] = await queryable.query<Revision>(`${revisionsOf(table)} and p.revision = $1`, [revision])
  return row ?? null
}

/** The revisions that were approved by an instant, latest first. */
export function approvedRevisions(
  queryable: Queryable,
  table: PolicyTable,
  knownAt: Instant,
): Promise<readonly PolicyRevision[]> {
  return queryable.query<PolicyRevision>(`${revisionsOf(table)} and a.approved_at <= $1 order by p.revision desc`, [
    toTimestamptz(knownAt),
  ])
}

/** The revision in force at `at` as known at `knownAt`; null while what the product ships is. */
export async function revisionAsOf<Revision extends PolicyRevision = PolicyRevision>(
  queryable: Queryable,
  table: PolicyTable,
  { knownAt, at }: { readonly knownAt: Instant; readonly at: Instant },
): Promise<Revision | null> {
  const [row] = await queryable.query<Revision>(
    `${revisionsOf(table)} and a.approved_at <= $1 and p.effective_from <= $2 order by p.revision desc limit 1`,
    [toTimestamptz(knownAt), toTimestamptz(at)],
  )
  return row ?? null
}

/** Numbers revisions without a gap: two who submit at once get two numbers. @returns the number. */
export async function insertRevision(
  tx: Transaction,
  table: PolicyTable,
  policy: NewPolicy,
  own: OwnColumns = {},
): Promise<number> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 0))', [table])
  const { names, places, values } = columnsOf(own, 7)
  const [row] = await tx.query<{ readonly revision: number }>(
    `insert into ${table} (revision, document, sha256, effective_from, recorded_at, author, reason${names})
     select 1 + coalesce(max(revision), 0), $1, $2, $3, $4, $5, $6${places} from ${table} returning revision`,
    [
      JSON.stringify(policy.document),
      policy.sha256,
      toTimestamptz(policy.effectiveFrom),
      toTimestamptz(policy.recordedAt),
      policy.author,
      policy.reason,
      ...values,
    ],
  )
  return row?.revision ?? 0
}

/** The author's own approval breaks a check. @returns 0 when the revision was approved before or is not there. */
export function insertRevisionApproval(
  queryable: Queryable,
  table: PolicyTable,
  approval: { readonly revision: number; readonly approver: string; readonly approvedAt: Instant },
  own: OwnColumns = {},
): Promise<number> {
  const { names, places, values } = columnsOf(own, 4)
  return queryable.execute(
    `insert into ${table}_approval (revision, author, approver, approved_at${names})
     select revision, author, $2, $3${places} from ${table} where revision = $1 and author is not null on conflict (revision) do nothing`,
    [approval.revision, approval.approver, toTimestamptz(approval.approvedAt), ...values],
  )
}

function columnsOf(own: OwnColumns, firstPlace: number) {
  const entries = Object.entries(own)
  return {
    names: entries.map(([name]) => `, ${name}`).join(''),
    places: entries.map((_, index) => `, $${firstPlace + index}`).join(''),
    values: entries.map(([, value]) => value),
  }
}
