import { maxBilledE4 } from '../../domain/bill.js'
import type { CopiedFields } from '../copy-fields.js'
import { createUsageReader, usageFields } from './segment-usages.js'

/**
 * The usages of a shard's accounts in columns, by account. Energies are kWh e4 after the multiplier; one beyond what may be billed is kept
 * as the next number above that limit, which the engine refuses. Instants are epoch milliseconds; NaN where nothing is on record.
 */
export interface SegmentUsages {
  readonly count: number
  readonly accountId: Float64Array
  /** Index into `tariffCodes`. */
  readonly tariff: Uint16Array
  readonly tariffCodes: readonly string[]
  readonly transfer: Uint8Array
  readonly periodStart: Float64Array
  readonly periodEnd: Float64Array
  /** Days since 1970-01-01. */
  readonly ladderFromDay: Int32Array
  readonly energyE4: Float64Array
  /** Four per account. */
  readonly touE4: Float64Array
  readonly estimated: Uint8Array
  readonly lastBillEnd: Float64Array
  readonly lastBillLadderE4: Float64Array
  readonly openingAsOf: Float64Array
  readonly openingLadderE4: Float64Array
}

const registers = 4
const highestE4 = Number(maxBilledE4)

/** A row without what may be null: 16 lengths behind their count, three 64-bit and five energies, a date, a flag. */
const leastRowBytes = 2 + 16 * 4 + 8 * 8 + 4 + 1

/** Columns of what `readUsages` read. */
export function toUsageColumns(bytes: Uint8Array): SegmentUsages {
  const most = Math.floor(bytes.length / leastRowBytes)
  const columns = usageColumnsOver(new ArrayBuffer(usageColumnBytes(most)), 0, most)
  const tariffCodes: string[] = []
  let count = 0
  const reader = createUsageReader((fields) => setUsage(columns, tariffCodes, count++, fields))
  reader.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  reader.end()
  return { ...withoutRest(columns, count), count, tariffCodes }
}

export type UsageColumns = Omit<SegmentUsages, 'count' | 'tariffCodes'>

/** Numbers of eight bytes that an account has in the columns, and its bytes in all. */
const doublesPerAccount = 8 + registers
const bytesPerAccount = 8 * doublesPerAccount + 4 + 2 + 1 + 1

export function usageColumnBytes(count: number): number {
  return bytesPerAccount * count
}

/** Columns of so many accounts one after the other, the widest first, from a place that is a multiple of eight. */
export function usageColumnsOver(buffer: ArrayBuffer, start: number, count: number): UsageColumns {
  let at = start
  const doubles = (each = 1): Float64Array => {
    const column = new Float64Array(buffer, at, each * count)
    at += column.byteLength
    return column
  }
  const behind = start + 8 * doublesPerAccount * count
  return {
    accountId: doubles(),
    periodStart: doubles(),
    periodEnd: doubles(),
    energyE4: doubles(),
    touE4: doubles(registers),
    lastBillEnd: doubles(),
    lastBillLadderE4: doubles(),
    openingAsOf: doubles(),
    openingLadderE4: doubles(),
    ladderFromDay: new Int32Array(buffer, behind, count),
    tariff: new Uint16Array(buffer, behind + 4 * count, count),
    transfer: new Uint8Array(buffer, behind + 6 * count, count),
    estimated: new Uint8Array(buffer, behind + 7 * count, count),
  }
}

/** The columns end with their last row. */
function withoutRest(columns: UsageColumns, count: number): UsageColumns {
  return {
    accountId: columns.accountId.subarray(0, count),
    tariff: columns.tariff.subarray(0, count),
    transfer: columns.transfer.subarray(0, count),
    periodStart: columns.periodStart.subarray(0, count),
    periodEnd: columns.periodEnd.subarray(0, count),
    ladderFromDay: columns.ladderFromDay.subarray(0, count),
    energyE4: columns.energyE4.subarray(0, count),
    touE4: columns.touE4.subarray(0, registers * count),
    estimated: columns.estimated.subarray(0, count),
    lastBillEnd: columns.lastBillEnd.subarray(0, count),
    lastBillLadderE4: columns.lastBillLadderE4.subarray(0, count),
    openingAsOf: columns.openingAsOf.subarray(0, count),
    openingLadderE4: columns.openingLadderE4.subarray(0, count),
  }
}

/** Writes a row of `streamUsages` into the columns; a code that is new goes behind the others. */
export function setUsage(columns: UsageColumns, tariffCodes: string[], row: number, fields: CopiedFields): void {
  const at = usageFields
  columns.tariff[row] = indexIn(tariffCodes, fields.text(at.tariffCode))
  columns.accountId[row] = fields.whole(at.accountId)
  columns.transfer[row] = fields.text(at.settlementKind) === 'transfer' ? 1 : 0
  columns.periodStart[row] = fields.instant(at.periodStart)
  columns.periodEnd[row] = fields.instant(at.periodEnd)
  columns.ladderFromDay[row] = fields.day(at.ladderFrom)
  columns.energyE4[row] = fields.clamped(at.energyE4, highestE4)
  for (let register = 0; register < registers; register++)
    columns.touE4[registers * row + register] = fields.clamped(at.tou1E4 + register, highestE4)
  columns.estimated[row] = fields.bool(at.estimated) ? 1 : 0
  const billed = !fields.isNull(at.lastBillEnd) && !fields.isNull(at.lastBillLadderE4)
  columns.lastBillEnd[row] = billed ? fields.instant(at.lastBillEnd) : Number.NaN
  columns.lastBillLadderE4[row] = billed ? fields.clamped(at.lastBillLadderE4, highestE4) : Number.NaN
  const opened = !fields.isNull(at.openingAsOf) && !fields.isNull(at.openingLadderE4)
  columns.openingAsOf[row] = opened ? fields.instant(at.openingAsOf) : Number.NaN
  columns.openingLadderE4[row] = opened ? fields.clamped(at.openingLadderE4, highestE4) : Number.NaN
}

function indexIn(codes: string[], code: string): number {
  const known = codes.indexOf(code)
  return known < 0 ? codes.push(code) - 1 : known
}
