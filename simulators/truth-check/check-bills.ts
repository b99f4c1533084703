import { expectedBill } from './expected-bill.js'
import type { Mismatch } from './mismatch.js'
import type { Tariff } from './tariff-file.js'
import type { Settlement, Truth } from './truth-file.js'

/** An issued bill: energies kWh e4 after the multiplier and money in fen, as texts; instants epoch ms. */
export interface BillRow {
  readonly accountCode: string
  readonly periodStart: number
  readonly periodEnd: number
  readonly amountFen: string
  readonly energyE4: string
  /** Year-to-date ladder energy with this bill; not compared where the tariff has no ladder. */
  readonly ladderEnergyE4: string
}

const beijingOffsetMs = 8 * 3_600_000

/** Each bill against its settlement recomputed from the truth, and each settlement against the bills. */
export function checkBills(truth: Truth, bills: readonly BillRow[], tariffs: readonly Tariff[]): readonly Mismatch[] {
  const settlements = new Map(truth.settlements.map((settlement) => [settlementKey(settlement), settlement]))
  const seen = new Set(bills.map(billKey))
  const missing = [...settlements.keys()]
    .filter((key) => !seen.has(key))
    .map((key): Mismatch => ({ kind: 'bill_missing', key, expected: 'a bill', found: 'none' }))
  return [...bills.flatMap((bill) => checkBill(truth, settlements, bill, tariffs)), ...missing]
}

function checkBill(
  truth: Truth,
  settlements: ReadonlyMap<string, Settlement>,
  bill: BillRow,
  tariffs: readonly Tariff[],
): readonly Mismatch[] {
  const key = billKey(bill)
  const settlement = settlements.get(key)
  if (settlement === undefined) return [{ kind: 'bill_unknown', key, expected: 'none', found: bill.amountFen }]
  const tariff = tariffOf(settlement, tariffs)
  const { energyE4, ladderEnergyE4, amountFen } = expectedBill(truth, settlement, tariff)
  return [
    ...compare('bill_energy', key, energyE4, bill.energyE4),
    ...(tariff.ladder === null ? [] : compare('bill_ladder_energy', key, ladderEnergyE4, bill.ladderEnergyE4)),
    ...compare('bill_amount', key, amountFen, bill.amountFen),
  ]
}

function compare(kind: Mismatch['kind'], key: string, expected: bigint, found: string): readonly Mismatch[] {
  return expected === BigInt(found) ? [] : [{ kind, key, expected: expected.toString(), found }]
}

function tariffOf({ tariff, periodStart }: Settlement, tariffs: readonly Tariff[]): Tariff {
  const day = new Date(periodStart + beijingOffsetMs).toISOString().slice(0, 10)
  const valid = tariffs.find(
    ({ code, validFrom, validTo }) => code === tariff && validFrom <= day && (validTo === null || day < validTo),
  )
  if (valid === undefined) throw new TypeError(`no tariff ${tariff} on ${day}`)
  return valid
}

function settlementKey({ account, periodStart, periodEnd }: Settlement): string {
  return periodKey(account, periodStart, periodEnd)
}

function billKey({ accountCode, periodStart, periodEnd }: BillRow): string {
  return periodKey(accountCode, periodStart, periodEnd)
}

function periodKey(account: string, start: number, end: number): string {
  return `${account} ${new Date(start).toISOString()} ${new Date(end).toISOString()}`
}
