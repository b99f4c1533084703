import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface AccountTermsRow {
  readonly revision: number
  /** As stored; whoever uses it parses it. */
  readonly document: unknown
  readonly sha256: Buffer
  readonly recorded_at: Instant
  readonly actor_id: string
  readonly reason: string
}

export async function findAccountId(client: Queryable, code: string): Promise<bigint | null> {
  const [row] = await client.query<{ account_id: bigint }>('select account_id from account where code = $1', [code])
  return row?.account_id ?? null
}

/** Every revision of what is agreed with an account, the last one first. */
export async function accountTerms(client: Queryable, accountId: bigint): Promise<readonly AccountTermsRow[]> {
  return client.query<AccountTermsRow>(
    `select revision, document, sha256, recorded_at, actor_id, reason from account_terms
      where account_id = $1 order by revision desc`,
    [accountId],
  )
}

export async function insertAccountTerms(
  tx: Transaction,
  accountId: bigint,
  { revision, document, sha256, recorded_at, actor_id, reason }: AccountTermsRow,
): Promise<void> {
  await tx.execute(
    `insert into account_terms (account_id, revision, document, sha256, recorded_at, actor_id, reason)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [accountId, revision, JSON.stringify(document), sha256, toTimestamptz(recorded_at), actor_id, reason],
  )
}
