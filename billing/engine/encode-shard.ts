import { unreachable } from '../../domain/result.js'
import type { LocalDate } from '../../domain/time.js'
import { encodeBillEntries } from '../../storage/billing/bill-entries.js'
import { encodeBills, encodeReceivables } from '../../storage/billing/bills.js'
import { entryLegs } from './entry-legs.js'
import type { ShardBills } from './rate-shard.js'

/** The rows of one table that a shard becomes. */
export type ShardRows =
  | { readonly table: 'bill'; readonly segmentId: bigint }
  | { readonly table: 'receivable'; readonly segmentId: bigint; readonly dueDate: LocalDate }
  | { readonly table: 'journal_entry'; readonly segmentId: bigint; readonly accountingDate: LocalDate }

/** Bytes of a binary COPY, in pieces. */
export function encodeShard({ usages, bills, entries }: ShardBills, rows: ShardRows): readonly Buffer[] {
  switch (rows.table) {
    case 'bill':
      return encodeBills(rows.segmentId, bills)
    case 'receivable':
      return encodeReceivables(rows.segmentId, rows.dueDate, bills)
    case 'journal_entry':
      return encodeBillEntries(rows.segmentId, rows.accountingDate, bills, entryLegs(entries, usages, bills))
    default:
      return unreachable(rows)
  }
}
