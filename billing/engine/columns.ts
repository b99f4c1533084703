import { type BilledUsage, maxBilledE4 } from '../../domain/bill.js'
import { dayNumber } from './calendar-days.js'

/**
 * Usages of one shard in columns. Float64 columns hold exact integers (kWh e4) of at most 2^48 in magnitude; anything beyond is
 * stored as the next integer above that limit and refused by the kernel.
 */
export interface UsageColumns {
  readonly count: number
  /** Index into the shard's rate programs. */
  readonly program: Uint16Array
  readonly energyE4: Float64Array
  /** Four per account. */
  readonly touE4: Float64Array
  /** NaN where unknown. */
  readonly ladderOpeningE4: Float64Array
  /** Days since 1970-01-01. */
  readonly ladderFromDay: Int32Array
  readonly periodFromDay: Int32Array
  readonly periodToDay: Int32Array
  readonly transfer: Uint8Array
}

/** At most four slots and eight blocks. */
export const maxLinesPerBill = 12

/** Rated bills of one shard in columns; lines of account i are [lineStart[i], lineStart[i + 1]). */
export interface BillColumns {
  /** 0, or 1 + index into `holdCodes`. */
  readonly hold: Uint8Array
  readonly amountFen: Float64Array
  readonly ladderEnergyE4: Float64Array
  readonly lineStart: Uint32Array
  readonly lineComponent: Uint8Array
  readonly lineSlot: Uint8Array
  readonly lineBlock: Uint8Array
  readonly lineQuantityE4: Float64Array
  readonly linePriceE8: Float64Array
  readonly lineFen: Float64Array
  /** 32 bytes per account, as `linesSha256` of domain/bill.ts. */
  readonly linesSha256: Uint8Array
}

export function createUsageColumns(count: number): UsageColumns {
  return {
    count,
    program: new Uint16Array(count),
    energyE4: new Float64Array(count),
    touE4: new Float64Array(4 * count),
    ladderOpeningE4: new Float64Array(count),
    ladderFromDay: new Int32Array(count),
    periodFromDay: new Int32Array(count),
    periodToDay: new Int32Array(count),
    transfer: new Uint8Array(count),
  }
}

/** The memory of all columns, to hand it to another thread without copying. */
export function buffersOf(columns: UsageColumns | BillColumns): ArrayBuffer[] {
  const buffers = Object.values(columns).map((column: unknown) => (ArrayBuffer.isView(column) ? column.buffer : null))
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer)
}

/** Writes one usage at `row`. */
export function setUsage(columns: UsageColumns, row: number, program: number, usage: BilledUsage): void {
  columns.program[row] = program
  columns.energyE4[row] = toColumn(usage.energyE4)
  for (const [index, energyE4] of usage.touE4.entries()) columns.touE4[4 * row + index] = toColumn(energyE4)
  columns.ladderOpeningE4[row] = usage.ladderOpeningE4 === null ? Number.NaN : toColumn(usage.ladderOpeningE4)
  columns.ladderFromDay[row] = dayNumber(usage.ladderFrom)
  columns.periodFromDay[row] = dayNumber(usage.periodFrom)
  columns.periodToDay[row] = dayNumber(usage.periodTo)
  columns.transfer[row] = usage.settlementKind === 'transfer' ? 1 : 0
}

function toColumn(energyE4: bigint): number {
  if (energyE4 > maxBilledE4) return Number(maxBilledE4) + 1
  return energyE4 < -maxBilledE4 ? -Number(maxBilledE4) - 1 : Number(energyE4)
}
