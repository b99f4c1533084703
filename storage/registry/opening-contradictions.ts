import type { Queryable } from '../database.js'

/** What a batch that waits says of an account, and what one in force has said of it. */
export interface OpeningContradiction {
  readonly batch: string
  readonly account: string
  /** The kind of the item; `as_of` where the batches begin at different instants. */
  readonly kind: string
  /** Of a register its meter, of a demand its month, of an arrear the bill; else empty. */
  readonly named: string
  readonly said: string
  readonly otherBatch: string
  readonly otherSaid: string
}

/** Of batches that wait for approval, or of one of them, by batch, account and kind; nobody approves a batch that has any. */
export function readOpeningContradictions(
  client: Queryable,
  { batches, limit }: { readonly batches: readonly string[] | null; readonly limit: number },
): Promise<readonly OpeningContradiction[]> {
  return client.query<OpeningContradiction>(
    `select b.code as batch, a.code as account, c.kind, c.named, c.said, c.other_batch as "otherBatch", c.other_said as "otherSaid"
       from opening_batch b
      cross join lateral opening_contradictions(b.code) c
       join account a using (account_id)
      where ($1::text[] is null or b.code = any($1))
        and not exists (select from opening_batch_in_force f where f.code = b.code)
      order by b.code, a.code, c.kind, c.named limit $2`,
    [batches, limit],
  )
}
