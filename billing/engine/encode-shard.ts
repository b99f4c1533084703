import type { LocalDate } from '../../domain/time.js'
import { encodeBillEntries } from '../../storage/billing/bill-entries.js'
import { encodeBills, encodeReceivables } from '../../storage/billing/bills.js'
import { entryLegs } from './entry-legs.js'
import type { ShardBills } from './rate-shard.js'

/** What all rows of a shard share. */
export interface RowTerms {
  readonly segmentId: bigint
  readonly dueDate: LocalDate
  /** Day of the journal entries. */
  readonly accountingDate: LocalDate
}

/** The rows a shard becomes, each table a binary COPY in pieces. */
export interface ShardRows {
  readonly bills: readonly Buffer[]
  readonly receivables: readonly Buffer[]
  readonly entries: readonly Buffer[]
}

export function encodeShard({ usages, bills, entries }: ShardBills, terms: RowTerms): ShardRows {
  const { segmentId, dueDate, accountingDate } = terms
  return {
    bills: encodeBills(segmentId, bills),
    receivables: encodeReceivables(segmentId, dueDate, bills),
    entries: encodeBillEntries(segmentId, accountingDate, bills, entryLegs(entries, usages, bills)),
  }
}
