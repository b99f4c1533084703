import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'

/** The readings of one account in a freeze. */
export interface ProofMemberRow {
  readonly usage_point_id: bigint
  readonly account_id: bigint
  readonly period_start: Instant
  readonly period_end: Instant
  readonly meter_ids: readonly bigint[]
  readonly multipliers: readonly number[]
  readonly start_reads: readonly Instant[]
  readonly end_reads: readonly Instant[]
}

/** Accounts of usage points in a freeze, by usage point and time. */
export async function findProofMembers(
  client: Queryable,
  setId: bigint,
  points: readonly bigint[],
): Promise<readonly ProofMemberRow[]> {
  return client.query<ProofMemberRow>(
    `select usage_point_id, account_id, period_start, period_end, meter_ids, multipliers, start_reads, end_reads
       from determinant where set_id = $1 and usage_point_id = any($2::bigint[]) order by usage_point_id, period_start`,
    [setId, points],
  )
}

/** Whether relations gave an account something in a freeze, took something off it, or checked it. */
export async function hasRelationParts(client: Queryable, setId: bigint, accountId: bigint): Promise<boolean> {
  const rows = await client.query(
    `select from determinant_quantity where set_id = $1 and account_id = $2
        and quantity in ('relation_deducted', 'relation_share', 'fixed_quantity', 'relation_common') limit 1`,
    [setId, accountId],
  )
  return rows.length > 0
}

export async function usagePointCodes(
  client: Queryable,
  points: readonly bigint[],
): Promise<ReadonlyMap<bigint, string>> {
  const rows = await client.query<{ usage_point_id: bigint; code: string }>(
    'select usage_point_id, code from usage_point where usage_point_id = any($1::bigint[])',
    [points],
  )
  return new Map(rows.map((row) => [row.usage_point_id, row.code]))
}
