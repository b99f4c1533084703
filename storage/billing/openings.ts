import type { LocalDate } from '../../domain/time.js'
import { encodeCopy } from '../copy-binary.js'
import type { Queryable, Transaction } from '../database.js'

/** Batches with money that two people approved and that are not in the ledger yet, by code. */
export async function openingsToBook(client: Queryable): Promise<readonly string[]> {
  const rows = await client.query<{ code: string }>(
    `select code from opening_batch_in_force f
      where exists (select from opening_item_in_force i where i.batch = f.code and i.kind in ('arrear', 'prepaid'))
        and not exists (select from ledger_segment l where l.natural_key = 'opening:' || f.code)
      order by code`,
  )
  return rows.map(({ code }) => code)
}

/** Money that an account brings along. */
export interface OpeningMoney {
  readonly accountId: bigint
  readonly kind: 'arrear' | 'prepaid'
  readonly amountFen: bigint
  /** The local day on which this product takes over. */
  readonly asOfDay: LocalDate
  /** Of an arrear. */
  readonly bill: string | null
  readonly dueDate: LocalDate | null
}

/** Arrears and prepayments of a batch in force, by account, kind and bill. */
export async function readOpeningMoney(client: Queryable, batch: string): Promise<readonly OpeningMoney[]> {
  const rows = await client.query<{
    account_id: bigint
    kind: OpeningMoney['kind']
    amount_fen: bigint
    as_of_day: LocalDate
    bill: string | null
    due_date: LocalDate | null
  }>(
    `select i.account_id, i.kind, i.amount_fen, (i.as_of at time zone o.time_zone)::date as as_of_day, i.bill, i.due_date
       from opening_item_in_force i
       join account a using (account_id)
       join organisation o using (organisation_id)
      where i.batch = $1 and i.kind in ('arrear', 'prepaid')
      order by i.account_id, i.kind, i.bill`,
    [batch],
  )
  return rows.map((row) => ({
    accountId: row.account_id,
    kind: row.kind,
    amountFen: row.amount_fen,
    asOfDay: row.as_of_day,
    bill: row.bill,
    dueDate: row.due_date,
  }))
}

/** Arrears as open items with the due dates and bills of the old books. */
export async function insertOpeningReceivables(
  tx: Transaction,
  segmentId: bigint,
  arrears: readonly (OpeningMoney & { readonly ordinal: number })[],
): Promise<void> {
  const rows = arrears.map(
    ({ ordinal, accountId, dueDate, amountFen, bill }) =>
      [segmentId, ordinal, accountId, dueDate, amountFen, bill] as const,
  )
  await tx.copyIn(
    'copy receivable (segment_id, ordinal, account_id, due_date, amount_fen, old_bill) from stdin (format binary)',
    encodeCopy(['int8', 'int4', 'int8', 'date', 'int8', 'text'], rows),
  )
}
