import type { LocalDate } from '../../domain/time.js'
import { encodeBillEntries } from '../../storage/billing/bill-entries.js'
import { encodeBills, encodeReceivables } from '../../storage/billing/bills.js'
import { type ComponentBillRow, encodeComponentBills } from '../../storage/billing/component-bills.js'
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
  readonly components: readonly Buffer[]
}

/** Into the writer's room, but for the few rows of components. */
export function encodeShard(
  writer: CopyWriter,
  { usages, bills, entries, accounts }: ShardBills,
  terms: RowTerms,
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
    components:
      accounts.components.size === 0
        ? []
        : encodeComponentBills(segmentId, componentRows(bills.hold, accounts.components)),
  }
}

/** Under the ordinals of their bills, which count those without a hold. */
function* componentRows(
  hold: Uint8Array,
  components: ShardBills['accounts']['components'],
): Generator<ComponentBillRow, void, undefined> {
  let ordinal = -1
  for (const [row, code] of hold.entries()) {
    if (code !== 0) continue
    ordinal++
    const found = components.get(row)
    if (found !== undefined) yield { ordinal, ...found }
  }
}
