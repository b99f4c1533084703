import type { LocalDate } from '../../domain/time.js'
import type { CopyPieces, CopyWriter } from '../copy-writer.js'
import type { Transaction } from '../database.js'
import type { BillRows } from './bills.js'

/** The legs of a shard's bills in columns: debits positive, credits negative. Legs of account i are [legStart[i], legStart[i + 1]). */
export interface EntryLegs {
  readonly legStart: Uint32Array
  readonly legAccount: Int32Array
  readonly legFen: Float64Array
}

const copyEntriesFrom = `copy journal_entry (segment_id, ordinal, effective_date, document_kind, account_id, ledger_numbers, amounts_fen)
  from stdin (format binary)`
const entryFields = 7

/** The rows of `copyBillEntries`, in the writer's room: an entry for each bill that has legs, under the bill's ordinal. */
export function encodeBillEntries(
  writer: CopyWriter,
  segmentId: bigint,
  effectiveDate: LocalDate,
  bills: Pick<BillRows, 'count' | 'hold' | 'accountId'>,
  { legStart, legAccount, legFen }: EntryLegs,
): CopyPieces {
  let ordinal = -1
  return writer.rowsInPlace(bills.count, (row) => {
    if (bills.hold[row] !== 0) return
    ordinal++
    const start = legStart[row] ?? 0
    const end = legStart[row + 1] ?? 0
    if (start === end) return
    writer.int2(entryFields)
    writer.int8Field(segmentId)
    writer.int4Field(ordinal)
    writer.dateField(effectiveDate)
    writer.repeatedText('bill')
    writer.wholeField(bills.accountId[row] ?? 0)
    writer.int4Items(legAccount, start, end)
    writer.wholeInt8Items(legFen, start, end)
  })
}

export async function copyBillEntries(tx: Transaction, chunks: CopyPieces): Promise<void> {
  await tx.copyIn(copyEntriesFrom, chunks)
}
