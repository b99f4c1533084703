import { present } from '../../domain/result.js'
import type { Queryable, Transaction } from '../database.js'
import { insertRows, type Row } from '../insert-rows.js'
import { toTimestamptz } from '../type-parsers.js'
import type { FreezeQuery } from './freeze-segments.js'

export interface DeterminantSet {
  readonly setId: bigint
  readonly revision: number
  readonly accountCount: number
  readonly digest: Buffer
}

/** The last freeze of an organisation and period. */
export async function findLastSet(client: Queryable, query: FreezeQuery): Promise<DeterminantSet | null> {
  const [row] = await client.query<{ set_id: bigint; revision: number; account_count: number; digest: Buffer }>(
    `select set_id, revision, account_count, digest from determinant_set
      where organisation_id = $1 and period_start = $2 and period_end = $3 order by revision desc limit 1`,
    [query.organisationId, toTimestamptz(query.periodStart), toTimestamptz(query.periodEnd)],
  )
  if (row === undefined) return null
  return { setId: row.set_id, revision: row.revision, accountCount: row.account_count, digest: row.digest }
}

export async function nextSetId(client: Queryable): Promise<bigint> {
  const [row] = await client.query<{ id: bigint }>('select coalesce(max(set_id), 0) + 1 as id from determinant_set')
  return present(row, 'the next set id').id
}

export function insertDeterminants(tx: Transaction, rows: readonly Row[]): Promise<number> {
  return insertRows(tx, 'insert into determinant select * from json_populate_recordset(null::determinant, $1)', rows)
}

export function insertDeterminantHolds(tx: Transaction, rows: readonly Row[]): Promise<number> {
  return insertRows(
    tx,
    'insert into determinant_hold select * from json_populate_recordset(null::determinant_hold, $1)',
    rows,
  )
}

/** The set's own row comes after its rows, because only then its digest is known. */
export async function insertDeterminantSet(tx: Transaction, query: FreezeQuery, set: DeterminantSet): Promise<void> {
  await tx.execute(
    `insert into determinant_set (set_id, organisation_id, period_start, period_end, revision, account_count, digest, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      set.setId,
      query.organisationId,
      toTimestamptz(query.periodStart),
      toTimestamptz(query.periodEnd),
      set.revision,
      set.accountCount,
      set.digest,
      toTimestamptz(query.knownAt),
    ],
  )
}
