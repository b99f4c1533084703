import { type HoldCode, holdCodes } from '../../domain/bill.js'
import { parseRational, type Rational, rational, round, subtract, sum } from '../../domain/rational.js'
import { present } from '../../domain/result.js'
import type { BillRows } from '../../storage/billing/bills.js'
import { parseLines } from '../../storage/billing/component-bills.js'
import { unpackLine } from '../by-account/packed-lines.js'
import type { ShardBills } from '../engine/rate-shard.js'

/**
 * Accounts of a shard whose bills differ: other lines, even where rounding leaves the amount as it was, and accounts that only one side
 * bills. Amounts are fen, 0 where there is no bill.
 */
export interface TouchedAccounts {
  readonly accountId: Float64Array<ArrayBuffer>
  /** Index into `byTariff`. */
  readonly tariff: Uint16Array<ArrayBuffer>
  readonly energyE4: Float64Array<ArrayBuffer>
  readonly beforeFen: Float64Array<ArrayBuffer>
  readonly afterFen: Float64Array<ArrayBuffer>
  /**
   * Change before rounding, in units of 10^-12 of the currency: Σ quantity e4 × price e8, after less before. A change under a tariff of components
   * may be a quotient; it is rounded to that unit.
   */
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

/** A rated shard with the packed lines of its bills under tariffs of components, by row. */
export interface ComparedShard extends ShardBills {
  readonly lines: ReadonlyMap<number, string>
}

/** Both sides are of the same inputs: account i of the one is account i of the other. */
export function compareShard(before: ComparedShard, after: ComparedShard): ShardChanges {
  const { bills, codeOf } = before
  const rows = Array.from({ length: bills.count }, (_, row) => row)
  const touched = rows.filter((row) => isTouched(bills, after.bills, row))
  const codes = [...new Set([...bills.tariffs.map(({ code }) => code), ...rows.map(codeOf)])]
  const places = new Map(codes.map((code, index) => [code, index]))
  const float = (pick: (row: number) => number) => Float64Array.from(touched, pick)
  return {
    touched: {
      accountId: float((row) => bills.accountId[row] ?? 0),
      tariff: Uint16Array.from(touched, (row) => present(places.get(codeOf(row)), `tariff of row ${row}`)),
      energyE4: float((row) => bills.energyE4[row] ?? 0),
      beforeFen: float((row) => amountOf(bills, row)),
      afterFen: float((row) => amountOf(after.bills, row)),
      exactE12: touched.map((row) => exactChange(before, after, row)),
      holdBefore: Uint8Array.from(touched, (row) => bills.hold[row] ?? 0),
      holdAfter: Uint8Array.from(touched, (row) => after.bills.hold[row] ?? 0),
    },
    byTariff: codes.map((code) => amountsOf(before, after.bills, code)),
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

function exactChange(before: ComparedShard, after: ComparedShard, row: number): bigint {
  if (!isOfComponents(before, row) && !isOfComponents(after, row))
    return exactOf(after.bills, row) - exactOf(before.bills, row)
  const change = subtract(exactOfLines(after, row), exactOfLines(before, row))
  return toE12(change)
}

/** Half away from zero. */
function toE12({ n, d }: Rational): bigint {
  return round(rational(n * 10n ** 12n, d), { mode: 'half_up', decimals: 0 }).n
}

function isOfComponents({ lines }: ComparedShard, row: number): boolean {
  return lines.has(row)
}

function exactOf({ hold, lineStart, lineQuantityE4, linePriceE8 }: BillRows, row: number): bigint {
  let exact = 0n
  if (hold[row] !== 0) return exact
  for (let line = lineStart[row] ?? 0; line < (lineStart[row + 1] ?? 0); line++)
    exact += BigInt(lineQuantityE4[line] ?? 0) * BigInt(linePriceE8[line] ?? 0)
  return exact
}

/** Of the lines of a bill under a tariff of components, those apart that other lines contain. */
function exactOfLines({ lines }: ComparedShard, row: number): Rational {
  return sum(
    parseLines(lines.get(row) ?? '')
      .map(unpackLine)
      .filter(({ included }) => included !== true)
      .map(({ amountExact }) => present(parseRational(amountExact), 'the exact amount of a line')),
  )
}

function amountsOf({ bills, codeOf }: ShardBills, after: BillRows, code: string): TariffAmounts {
  let accounts = 0
  let [energyE4, beforeFen, afterFen] = [0n, 0n, 0n]
  for (let row = 0; row < bills.count; row++) {
    if (codeOf(row) !== code) continue
    accounts++
    energyE4 += BigInt(bills.energyE4[row] ?? 0)
    beforeFen += BigInt(amountOf(bills, row))
    afterFen += BigInt(amountOf(after, row))
  }
  return { code, accounts, energyE4, beforeFen, afterFen }
}

/** Null for an account that is billed. */
export function holdOf(hold: number | undefined): HoldCode | null {
  return holdCodes[(hold ?? 0) - 1] ?? null
}
