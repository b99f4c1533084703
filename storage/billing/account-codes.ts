import type { Queryable } from '../database.js'

/** Codes of accounts, such as those of a shard. */
export async function accountCodes(
  client: Queryable,
  accountIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, string>> {
  const rows = await client.query<{ account_id: bigint; code: string }>(
    'select account_id, code from account where account_id = any($1)',
    [accountIds],
  )
  return new Map(rows.map(({ account_id, code }) => [account_id, code]))
}

/** Those of the codes that are on record, with their accounts. */
export async function accountsByCode(
  client: Queryable,
  codes: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  const rows = await client.query<{ account_id: bigint; code: string }>(
    'select account_id, code from account where code = any($1)',
    [codes],
  )
  return new Map(rows.map(({ account_id, code }) => [code, account_id]))
}
