import type { Instant } from '../../domain/time.js'
import type { Database, Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { type ClaimedWorkItem, changeItem, completeWork, ours } from './work-items.js'

/**
 * Work that takes longer than a transaction may: it is claimed, its claim is kept alive by heartbeats, and at its end it is completed
 * or put off. Its effects commit on their own on the way, so they must be idempotent and fenced by themselves.
 */
type Claim = Pick<ClaimedWorkItem, 'kind' | 'naturalKey' | 'fencingToken'>

/** Keeps the claim until `leaseUntil`; false when somebody else has it. A heartbeat changes no state and leaves no event. */
export async function heartbeatWork(queryable: Queryable, claim: Claim, leaseUntil: Instant): Promise<boolean> {
  const kept = await queryable.execute(`update work_item set lease_until = greatest(lease_until, $4) ${ours}`, [
    claim.kind,
    claim.naturalKey,
    claim.fencingToken,
    toTimestamptz(leaseUntil),
  ])
  return kept === 1
}

/** Gives the item back, to be claimed again from `dueAt` on by whoever comes; `lost` when somebody else has it already. */
export async function putOffWork(
  queryable: Queryable,
  claim: Claim,
  { now, dueAt, detail }: { readonly now: Instant; readonly dueAt: Instant; readonly detail: string },
): Promise<'due' | 'lost'> {
  const rows = await queryable.query(putOffSql, [
    claim.kind,
    claim.naturalKey,
    claim.fencingToken,
    toTimestamptz(now),
    toTimestamptz(dueAt),
    detail,
  ])
  return rows.length === 1 ? 'due' : 'lost'
}

const putOffSql = changeItem(
  `update work_item set state = 'due', due_at = $5, lease_until = null, changed_at = $4 ${ours}`,
  `$6::text`,
)

/** Ends work whose effects are committed. */
export async function completeLongWork(
  database: Database,
  item: ClaimedWorkItem,
  now: Instant,
): Promise<'done' | 'lost'> {
  return database.transaction((tx) => completeWork(tx, item, now))
}
