import { CopyWriter } from '../copy-writer.js'

/** Accounts of a shard rated by intervals, in columns; those with a hold get no lines. Energies kWh e4, instants epoch milliseconds. */
export interface IntervalChargeRows {
  readonly count: number
  readonly hold: Uint8Array
  readonly accountId: Float64Array
  readonly tariffs: readonly { readonly code: string; readonly version: number }[]
  readonly periodStart: Float64Array
  readonly periodEnd: Float64Array
  readonly energyE4: Float64Array
  readonly amountFen: Float64Array
  /** Lines of account i are [lineStart[i], lineStart[i + 1]). */
  readonly lineStart: Uint32Array
  readonly lineComponent: Uint8Array
  readonly lineSlot: Uint8Array
  readonly lineQuantityE4: Float64Array
  readonly linePriceE8: Float64Array
  readonly lineFen: Float64Array
  /** 32 bytes per account. */
  readonly linesSha256: Uint8Array
}

const chargeFields = 14

/** The rows of `copyIntervalCharges`. */
export function encodeIntervalCharges(ratingId: bigint, rows: IntervalChargeRows): readonly Buffer[] {
  const writer = new CopyWriter()
  return writer.rows(rows.count, (row) => {
    if (rows.hold[row] !== 0) return
    const [start, end] = [rows.lineStart[row] ?? 0, rows.lineStart[row + 1] ?? 0]
    writer.int2(chargeFields)
    writer.int8Field(ratingId)
    writer.wholeField(rows.accountId[row] ?? 0)
    writer.text(rows.tariffs[row]?.code ?? '')
    writer.int4Field(rows.tariffs[row]?.version ?? 0)
    writer.instantField(rows.periodStart[row] ?? 0)
    writer.instantField(rows.periodEnd[row] ?? 0)
    writer.wholeField(rows.energyE4[row] ?? 0)
    writer.wholeField(rows.amountFen[row] ?? 0)
    writer.int2Items(rows.lineComponent, start, end)
    writer.int2Items(rows.lineSlot, start, end)
    writer.wholeInt8Items(rows.lineQuantityE4, start, end)
    writer.wholeInt8Items(rows.linePriceE8, start, end)
    writer.wholeInt8Items(rows.lineFen, start, end)
    writer.bytesField(rows.linesSha256.subarray(32 * row, 32 * row + 32))
  })
}
