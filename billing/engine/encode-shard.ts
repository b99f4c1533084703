import type { LocalDate } from '../../domain/time.js'
import { encodeBillEntries } from '../../storage/billing/bill-entries.js'
import { encodeBills, encodeReceivables } from '../../storage/billing/bills.js'
import type { ComponentRows } from '../../storage/billing/component-bills.js'
import type { CopyPieces, CopyWriter } from '../../storage/copy-writer.js'
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
  readonly bills: CopyPieces
  readonly receivables: CopyPieces
  readonly entries: CopyPieces
  /** None in a shard without tariffs of components. */
  readonly components: CopyPieces
}

/** Into the writer's room; `components` took what is stored of bills under tariffs of components. */
export function encodeShard(
  writer: CopyWriter,
  { usages, bills, entries, accounts }: ShardBills,
  terms: RowTerms,
  components: ComponentRows | null = null,
): ShardRows {
  const { segmentId, dueDate, accountingDate } = terms
  return {
    bills: encodeBills(writer, segmentId, bills),
    receivables: encodeReceivables(writer, segmentId, dueDate, bills),
    entries: encodeBillEntries(
      writer,
      segmentId,
      accountingDate,
      bills,
      entryLegs(entries, { ...usages, program: bills.program }, bills, accounts.legs),
    ),
    components: components?.finish(ordinalsOf(bills.hold)) ?? [],
  }
}

/** Ordinals of the bills of a shard, which count rows without a hold. */
function ordinalsOf(hold: Uint8Array): (row: number) => number {
  const ordinals = new Int32Array(hold.length)
  let next = 0
  for (const [row, code] of hold.entries()) ordinals[row] = code === 0 ? next++ : -1
  return (row) => ordinals[row] ?? -1
}
