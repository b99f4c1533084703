import { type HoldCode, holdCodes } from '../../domain/bill.js'
import type { BillRows } from '../../storage/billing/bills.js'
import type { ShardBills } from '../engine/rate-shard.js'

/**
 * Accounts of a shard whose bills differ: other lines, even where rounding leaves the amount as it was, and accounts that only one side
 * bills. Amounts are fen, 0 where there is no bill.
 */
export interface TouchedAccounts {
  readonly accountId: Float64Array<ArrayBuffer>
  /** Index into the shard's tariffs. */
  readonly tariff: Uint16Array<ArrayBuffer>
  readonly energyE4: Float64Array<ArrayBuffer>
  readonly beforeFen: Float64Array<ArrayBuffer>
  readonly afterFen: Float64Array<ArrayBuffer>
  /** Change before rounding, in units of 10^-12 of the currency: Σ quantity e4 × price e8, after less before. */
  readonly exactE12: readonly bigint[]
  /** 0, or 1 + index into `holdCodes`. */
  readonly holdBefore: Uint8Array<ArrayBuffer>
  readonly holdAfter: Uint8Array<ArrayBuffer>
}

/** What the accounts of one tariff come to in a shard. Those that a side holds count as zero on that side. */
export interface TariffAmounts {
  readonly code: string
  readonly accounts: number
  readonly energyE4: bigint
  readonly beforeFen: bigint
  readonly afterFen: bigint
}

export interface ShardChanges {
  readonly touched: TouchedAccounts
  readonly byTariff: readonly TariffAmounts[]
}

/** Both sides are of the same usages: account i of the one is account i of the other. */
export function compareShard({ bills: before }: ShardBills, { bills: after }: ShardBills): ShardChanges {
  const rows = Array.from({ length: before.count }, (_, row) => row).filter((row) => isTouched(before, after, row))
  const float = (pick: (row: number) => number) => Float64Array.from(rows, pick)
  return {
    touched: {
      accountId: float((row) => before.accountId[row] ?? 0),
      tariff: Uint16Array.from(rows, (row) => before.program[row] ?? 0),
      energyE4: float((row) => before.energyE4[row] ?? 0),
      beforeFen: float((row) => amountOf(before, row)),
      afterFen: float((row) => amountOf(after, row)),
      exactE12: rows.map((row) => exactOf(after, row) - exactOf(before, row)),
      holdBefore: Uint8Array.from(rows, (row) => before.hold[row] ?? 0),
      holdAfter: Uint8Array.from(rows, (row) => after.hold[row] ?? 0),
    },
    byTariff: before.tariffs.map(({ code }, program) => amountsOf(before, after, code, program)),
  }
}

function isTouched(before: BillRows, after: BillRows, row: number): boolean {
  if (before.hold[row] !== after.hold[row]) return true
  if (before.hold[row] !== 0) return false
  for (let at = 32 * row; at < 32 * row + 32; at++) if (before.linesSha256[at] !== after.linesSha256[at]) return true
  return false
}

function amountOf({ hold, amountFen }: BillRows, row: number): number {
  return hold[row] === 0 ? (amountFen[row] ?? 0) : 0
}

function exactOf({ hold, lineStart, lineQuantityE4, linePriceE8 }: BillRows, row: number): bigint {
  let exact = 0n
  if (hold[row] !== 0) return exact
  for (let line = lineStart[row] ?? 0; line < (lineStart[row + 1] ?? 0); line++)
    exact += BigInt(lineQuantityE4[line] ?? 0) * BigInt(linePriceE8[line] ?? 0)
  return exact
}

function amountsOf(before: BillRows, after: BillRows, code: string, program: number): TariffAmounts {
  let accounts = 0
  let [energyE4, beforeFen, afterFen] = [0n, 0n, 0n]
  for (let row = 0; row < before.count; row++) {
    if (before.program[row] !== program) continue
    accounts++
    energyE4 += BigInt(before.energyE4[row] ?? 0)
    beforeFen += BigInt(amountOf(before, row))
    afterFen += BigInt(amountOf(after, row))
  }
  return { code, accounts, energyE4, beforeFen, afterFen }
}

/** Null for an account that is billed. */
export function holdOf(hold: number | undefined): HoldCode | null {
  return holdCodes[(hold ?? 0) - 1] ?? null
}
