import { createHash } from 'node:crypto'
import { bigintAsText } from '../../domain/bigint-as-text.js'
import type { Transaction } from '../database.js'
import type { Row } from '../insert-rows.js'

/** What became of a value: `exists_with_different_values` says that its key now has more than one claim. */
export type ClaimOutcome = 'created' | 'exists' | 'exists_with_different_values'

/** Statements for one table whose key is followed by `claim_digest`. */
export interface ClaimTable {
  readonly insert: string
  readonly disputed: string
}

/** `keys`: the natural key's columns without the digest, those of type timestamptz under `instants`. */
export function claimTable(
  table: string,
  keys: readonly string[],
  instants: ReadonlySet<string> = new Set(['settled_at', 'slot_start', 'occurred_at']),
): ClaimTable {
  const text = (alias: string) =>
    keys.map((key) => (instants.has(key) ? `epoch_ms(${alias}.${key})` : `${alias}.${key}`)).join(', ')
  const columns = keys.join(', ')
  return {
    insert: `insert into ${table} as t select r.* from json_populate_recordset(null::${table}, $1) r
              order by ${columns}, claim_digest on conflict do nothing
              returning concat_ws('|', ${text('t')}, encode(t.claim_digest, 'hex')) as claim`,
    disputed: `select concat_ws('|', ${text('t')}) as key
                 from ${table} t
                 join (select distinct ${columns} from json_populate_recordset(null::${table}, $1)) i using (${columns})
                group by ${keys.map((key) => `t.${key}`).join(', ')} having count(*) > 1`,
  }
}

/** A row with its digest in hexadecimal, and its natural key as the statements write it. */
export interface ClaimRow {
  readonly key: string
  readonly digest: string
  readonly row: Row
}

/** Inserts claims; those that are there already stay as they are. @returns one outcome for each, in their order. */
export async function insertClaims(
  tx: Transaction,
  { insert, disputed }: ClaimTable,
  claims: readonly ClaimRow[],
): Promise<readonly ClaimOutcome[]> {
  if (claims.length === 0) return []
  const rows = JSON.stringify(
    claims.map(({ row, digest }) => ({ ...row, claim_digest: `\\x${digest}` })),
    bigintAsText,
  )
  const inserted = await tx.query<{ readonly claim: string }>(insert, [rows])
  const created = new Set(inserted.map(({ claim }) => claim))
  const several = await tx.query<{ readonly key: string }>(disputed, [rows])
  const inDispute = new Set(several.map(({ key }) => key))
  return claims.map(({ key, digest }) => {
    // Of the same claim twice in one batch the first one creates it.
    if (!created.delete(`${key}|${digest}`)) return 'exists'
    return inDispute.has(key) ? 'exists_with_different_values' : 'created'
  })
}

/** SHA-256 of a claim's values as canonical JSON, hexadecimal: equal values are one claim, whoever brought them. */
export function digestOf(values: readonly (bigint | number | string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(values, bigintAsText)).digest('hex')
}
