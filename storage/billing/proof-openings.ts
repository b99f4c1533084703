import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** An item of the old books with the code of its meter. */
export interface ProofOpeningRow {
  readonly batch: string
  readonly kind: 'register' | 'ladder' | 'demand' | 'estimate' | 'prepaid' | 'arrear'
  readonly meter_id: bigint | null
  readonly meter: string | null
  readonly month: string | null
  readonly bill: string | null
  readonly from_day: LocalDate | null
  readonly to_day: LocalDate | null
  readonly energy_e4: bigint | null
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
  readonly ladder_months: number | null
  readonly demand_kw_e4: bigint | null
  readonly amount_fen: bigint | null
  readonly due_date: LocalDate | null
}
export interface ProofOpeningBatchRow {
  readonly batch: string
  readonly document: string
  readonly sha256: string
  readonly author: string
  readonly approvers: readonly string[]
}

/** What an account brought along as of an instant, from batches that were in force when its determinants were frozen. */
export async function findProofOpening(
  client: Queryable,
  accountId: bigint,
  { asOf, frozenAt }: { readonly asOf: Instant; readonly frozenAt: Instant },
): Promise<{ readonly items: readonly ProofOpeningRow[]; readonly batches: readonly ProofOpeningBatchRow[] }> {
  const items = await client.query<ProofOpeningRow>(
    `with batches as materialized (select code from opening_batch_in_force where as_of = $2 and in_force_at <= $3)
     select i.*, m.code as meter from opening_item i join batches b on b.code = i.batch left join meter m using (meter_id)
      where i.account_id = $1
      order by i.kind, m.code, i.month, i.from_day, i.due_date, i.bill, i.batch`,
    [accountId, toTimestamptz(asOf), toTimestamptz(frozenAt)],
  )
  const batches = await client.query<ProofOpeningBatchRow>(
    `select b.code as batch, b.document, b.sha256, b.author,
            array(select a.approver::text from opening_batch_approval a where (a.code, a.sha256) = (b.code, b.sha256)
                   order by a.approved_at, a.approver limit 2) as approvers
       from opening_batch b where b.code = any($1) order by b.code`,
    [[...new Set(items.map(({ batch }) => batch))]],
  )
  return { items, batches }
}
