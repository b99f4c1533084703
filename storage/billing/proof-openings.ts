import { groupBy } from '../../domain/group-by.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { type FoundOpening, openingKey, type ProofClient } from './proof-client.js'
import type { ProofOpeningBatchRow, ProofOpeningRow } from './proof-rows.js'

export type { ProofOpeningBatchRow, ProofOpeningRow } from './proof-rows.js'

/** What an account brought along as of an instant, from batches that were in force when its determinants were frozen. */
export async function findProofOpening(
  client: ProofClient,
  accountId: bigint,
  { asOf, frozenAt }: { readonly asOf: Instant; readonly frozenAt: Instant },
): Promise<FoundOpening> {
  const { ahead } = client
  const found =
    ahead?.accounts.has(accountId) === true ? ahead.openings : await findProofOpenings(client, [accountId], frozenAt)
  return found.get(openingKey(accountId, asOf)) ?? { items: [], batches: [] }
}

/** The same of many accounts, as of any instant, by `openingKey`. */
export async function findProofOpenings(
  client: Queryable,
  accountIds: readonly bigint[],
  frozenAt: Instant,
): Promise<ReadonlyMap<string, FoundOpening>> {
  const items = await client.query<ProofOpeningRow & { readonly account_id: bigint; readonly as_of: Instant }>(
    `with batches as materialized (select code, as_of from opening_batch_in_force where in_force_at <= $2)
     select i.*, b.as_of, m.code as meter from opening_item i join batches b on b.code = i.batch left join meter m using (meter_id)
      where i.account_id = any($1::bigint[])
      order by i.kind, m.code, i.month, i.from_day, i.due_date, i.bill, i.batch`,
    [accountIds, toTimestamptz(frozenAt)],
  )
  const batches = await client.query<ProofOpeningBatchRow>(
    `select b.code as batch, b.document, b.sha256, b.author,
            array(select a.approver::text from opening_batch_approval a where (a.code, a.sha256) = (b.code, b.sha256)
                   order by a.approved_at, a.approver limit 2) as approvers
       from opening_batch b where b.code = any($1) order by b.code`,
    [[...new Set(items.map(({ batch }) => batch))]],
  )
  const byAccount = groupBy(items, ({ account_id, as_of }) => openingKey(account_id, as_of))
  return new Map(
    [...byAccount].map(([key, own]) => [
      key,
      { items: own, batches: batches.filter(({ batch }) => own.some((item) => item.batch === batch)) },
    ]),
  )
}
