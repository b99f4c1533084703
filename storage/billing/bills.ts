import { present } from '../../domain/result.js'
import type { LocalDate } from '../../domain/time.js'
import type { CopyPieces, CopyWriter } from '../copy-writer.js'
import type { Transaction } from '../database.js'

/** A shard's bills in columns, account by account; those with a hold get no bill. Energies kWh e4, instants epoch milliseconds. */
export interface BillRows {
  readonly count: number
  readonly hold: Uint8Array
  readonly accountId: Float64Array
  readonly periodStart: Float64Array
  readonly periodEnd: Float64Array
  readonly energyE4: Float64Array
  readonly amountFen: Float64Array
  readonly ladderEnergyE4: Float64Array
  readonly estimated: Uint8Array
  /** Index into `tariffs`. */
  readonly program: Uint16Array
  readonly tariffs: readonly { readonly code: string; readonly version: number }[]
  /** Lines of account i are [lineStart[i], lineStart[i + 1]). */
  readonly lineStart: Uint32Array
  readonly lineComponent: Uint8Array
  readonly lineSlot: Uint8Array
  readonly lineBlock: Uint8Array
  readonly lineQuantityE4: Float64Array
  readonly linePriceE8: Float64Array
  readonly lineFen: Float64Array
  /** 32 bytes per account. */
  readonly linesSha256: Uint8Array
}

const copyBillsFrom = `copy bill (segment_id, ordinal, account_id, period_start, period_end, energy_e4, amount_fen, ladder_energy_e4,
  estimated, line_component, line_slot, line_block, line_quantity_e4, line_price_e8, line_fen, tariff_code, tariff_version,
  lines_sha256) from stdin (format binary)`
const billFields = 18

/** The rows of `copyBills`, in the writer's room; ordinals count the bills of the shard from 0. */
export function encodeBills(writer: CopyWriter, segmentId: bigint, bills: BillRows): CopyPieces {
  let ordinal = 0
  return writer.rowsInPlace(bills.count, (row) => {
    if (bills.hold[row] !== 0) return
    writer.int2(billFields)
    writer.int8Field(segmentId)
    writer.int4Field(ordinal++)
    writer.wholeField(bills.accountId[row] ?? 0)
    writer.instantField(bills.periodStart[row] ?? 0)
    writer.instantField(bills.periodEnd[row] ?? 0)
    writer.wholeField(bills.energyE4[row] ?? 0)
    writer.wholeField(bills.amountFen[row] ?? 0)
    writer.wholeField(bills.ladderEnergyE4[row] ?? 0)
    writer.boolField(bills.estimated[row] === 1)
    writeLines(writer, bills, row)
    const tariff = present(bills.tariffs[bills.program[row] ?? -1], `tariff of row ${row}`)
    writer.repeatedText(tariff.code)
    writer.int4Field(tariff.version)
    writer.int4(32)
    writer.bytesOf(bills.linesSha256, 32 * row, 32 * row + 32)
  })
}

function writeLines(writer: CopyWriter, bills: BillRows, row: number): void {
  const start = bills.lineStart[row] ?? 0
  const end = bills.lineStart[row + 1] ?? 0
  writer.int2Items(bills.lineComponent, start, end)
  writer.int2Items(bills.lineSlot, start, end)
  writer.int2Items(bills.lineBlock, start, end)
  writer.wholeInt8Items(bills.lineQuantityE4, start, end)
  writer.wholeInt8Items(bills.linePriceE8, start, end)
  writer.wholeInt8Items(bills.lineFen, start, end)
}

export async function copyBills(tx: Transaction, chunks: CopyPieces): Promise<void> {
  await tx.copyIn(copyBillsFrom, chunks)
}

const copyReceivablesFrom =
  'copy receivable (segment_id, ordinal, account_id, due_date, amount_fen) from stdin (format binary)'
const receivableFields = 5

/** The rows of `copyReceivables`, in the writer's room: each bill with an amount becomes an open item under the bill's ordinal. */
export function encodeReceivables(
  writer: CopyWriter,
  segmentId: bigint,
  dueDate: LocalDate,
  bills: BillRows,
): CopyPieces {
  let ordinal = -1
  return writer.rowsInPlace(bills.count, (row) => {
    if (bills.hold[row] !== 0) return
    ordinal++
    if (bills.amountFen[row] === 0) return
    writer.int2(receivableFields)
    writer.int8Field(segmentId)
    writer.int4Field(ordinal)
    writer.wholeField(bills.accountId[row] ?? 0)
    writer.dateField(dueDate)
    writer.wholeField(bills.amountFen[row] ?? 0)
  })
}

export async function copyReceivables(tx: Transaction, chunks: CopyPieces): Promise<void> {
  await tx.copyIn(copyReceivablesFrom, chunks)
}
