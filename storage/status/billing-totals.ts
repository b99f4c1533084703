import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable } from '../database.js'

/** Issued bills of one tariff. */
export interface TariffTotal {
  readonly tariff: string
  readonly bills: number
  readonly energyE4: bigint
  readonly amountFen: bigint
  /** Bills that rest on an estimate. */
  readonly estimated: number
}

export function selectTariffTotals(client: Queryable): Promise<readonly TariffTotal[]> {
  return client.query(
    `select b.tariff_code as tariff, count(*)::integer as bills, sum(b.energy_e4)::bigint as "energyE4",
            sum(b.amount_fen)::bigint as "amountFen", count(*) filter (where b.estimated)::integer as estimated
       from bill b join segment_issue i using (segment_id)
      group by b.tariff_code order by b.tariff_code`,
  )
}

export interface IssuedBill {
  readonly accountCode: string
  readonly billNumber: bigint
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly dueDate: LocalDate
  readonly amountFen: bigint
  readonly energyE4: bigint
  readonly ladderEnergyE4: bigint
}

/** Every issued bill, by account and period. */
export function selectIssuedBills(client: Queryable): Promise<readonly IssuedBill[]> {
  return client.query(
    `select a.code as "accountCode", i.first_number + b.ordinal as "billNumber", b.period_start as "periodStart", b.period_end as "periodEnd",
            r.due_date as "dueDate", b.amount_fen as "amountFen", b.energy_e4 as "energyE4", b.ladder_energy_e4 as "ladderEnergyE4"
       from bill b
       join segment_issue i using (segment_id)
       join receivable r using (segment_id, ordinal)
       join account a on a.account_id = b.account_id
      order by a.code, b.period_start`,
  )
}

export interface LedgerCounts {
  readonly entries: number
  readonly postings: number
}

export async function selectLedgerCounts(client: Queryable): Promise<LedgerCounts> {
  const [row] = await client.query<LedgerCounts>(
    'select coalesce(sum(entry_count), 0)::integer as entries, count(*)::integer as postings from segment_posting',
  )
  return row ?? { entries: 0, postings: 0 }
}

/** When each account that owed something owed nothing any more: the last of its payments, as booked. */
export function selectClearedAccounts(
  client: Queryable,
): Promise<readonly { readonly accountCode: string; readonly clearedAt: Instant }[]> {
  return client.query(
    `select a.code as "accountCode", max(p.recorded_at) as "clearedAt"
       from open_item o join account a using (account_id) join payment p using (account_id)
      group by a.code having sum(o.open_fen) = 0 order by a.code`,
  )
}

/** The issued bill with the most lines, the lowest number first: the one whose proof has the most to show. */
export async function selectBillWithMostLines(client: Queryable): Promise<bigint | null> {
  const [row] = await client.query<{ readonly billNumber: bigint }>(
    `select i.first_number + b.ordinal as "billNumber" from bill b join segment_issue i using (segment_id)
      order by cardinality(b.line_fen) desc, 1 limit 1`,
  )
  return row?.billNumber ?? null
}
