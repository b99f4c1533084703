import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { readRelations, type RelationRow } from '../mdm/determinant-relations.js'
import type { ProofClient } from './proof-client.js'
import type { ProofMemberRow } from './proof-rows.js'

export type { ProofMemberRow } from './proof-rows.js'

/** Relations between usage points over a freeze, as known at an instant. */
export async function findProofRelations(
  client: ProofClient,
  freeze: { readonly periodStart: Instant; readonly periodEnd: Instant; readonly knownAt: Instant },
): Promise<readonly RelationRow[]> {
  return client.ahead?.relations ?? readRelations(client, freeze)
}

/** Accounts of usage points in a freeze, by usage point and time. */
export async function findProofMembers(
  client: ProofClient,
  setId: bigint,
  points: readonly bigint[],
): Promise<readonly ProofMemberRow[]> {
  const known = client.ahead?.members
  if (known !== undefined && points.every((point) => known.has(point)))
    return points.flatMap((point) => known.get(point) ?? [])
  return client.query<ProofMemberRow>(
    `select usage_point_id, account_id, period_start, period_end, meter_ids, multipliers, start_reads, end_reads
       from determinant where set_id = $1 and usage_point_id = any($2::bigint[]) order by usage_point_id, period_start`,
    [setId, points],
  )
}

/** Whether relations gave an account something in a freeze, took something off it, or checked it. */
export async function hasRelationParts(client: ProofClient, setId: bigint, accountId: bigint): Promise<boolean> {
  const { ahead } = client
  if (ahead?.accounts.has(accountId) === true) return ahead.withRelations.has(accountId)
  return (await accountsWithRelations(client, setId, [accountId])).has(accountId)
}

/** Those of the accounts of which that is so. */
export async function accountsWithRelations(
  client: Queryable,
  setId: bigint,
  accountIds: readonly bigint[],
): Promise<ReadonlySet<bigint>> {
  const rows = await client.query<{ account_id: bigint }>(
    `select distinct account_id from determinant_quantity where set_id = $1 and account_id = any($2::bigint[])
        and quantity in ('relation_deducted', 'relation_share', 'fixed_quantity', 'relation_common')`,
    [setId, accountIds],
  )
  return new Set(rows.map(({ account_id }) => account_id))
}

export async function usagePointCodes(
  client: ProofClient,
  points: readonly bigint[],
): Promise<ReadonlyMap<bigint, string>> {
  const known = client.ahead?.pointCodes
  if (known !== undefined && points.every((point) => known.has(point))) return known
  const rows = await client.query<{ usage_point_id: bigint; code: string }>(
    'select usage_point_id, code from usage_point where usage_point_id = any($1::bigint[])',
    [points],
  )
  return new Map(rows.map((row) => [row.usage_point_id, row.code]))
}
