/**
 * Usages of one shard in columns. Float64 columns hold exact integers (kWh e4) of at most 2^48 in magnitude; anything beyond is
 * stored as the next integer above that limit and refused by the kernel.
 */
export interface UsageColumns {
  readonly count: number
  /** Index into the shard's rate programs, or `noProgram`. */
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

/** Of an account under a tariff of which nothing is on record. */
export const noProgram = 0xffff

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
