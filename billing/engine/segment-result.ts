import { hash } from 'node:crypto'
import { type HoldCode, holdCodes } from '../../domain/bill.js'
import { present } from '../../domain/result.js'
import type { BillRows } from '../../storage/billing/bills.js'
import type { SegmentTotals } from '../../storage/billing/segments.js'
import type { AccountProblem } from '../by-account/account-problem.js'

export interface HeldBill {
  readonly accountId: bigint
  readonly code: HoldCode | AccountProblem['kind']
  readonly detail: string
}

/**
 * Accounts of a shard that get no bill, in order; `codeOf` names the tariff of a row. Of one that rating by components refused, the place in
 * the tariff or the usage and what was expected there are told.
 */
export function heldBills(
  { count, hold, accountId }: BillRows,
  codeOf: (row: number) => string,
  problems: ReadonlyMap<number, AccountProblem>,
): readonly HeldBill[] {
  const held: HeldBill[] = []
  for (let row = 0; row < count; row++) {
    if (hold[row] === 0) continue
    const problem = problems.get(row)
    if (problem !== undefined) {
      const { kind, path, message } = problem
      held.push({
        accountId: BigInt(accountId[row] ?? 0),
        code: kind,
        detail: `tariff ${codeOf(row)}: ${path}: ${message}`,
      })
      continue
    }
    const code = present(holdCodes[(hold[row] ?? 0) - 1], `hold of row ${row}`)
    held.push({ accountId: BigInt(accountId[row] ?? 0), code, detail: `${code} under tariff ${codeOf(row)}` })
  }
  return held
}

/** What a review accepts and an issue must reproduce. */
export function segmentTotals(bills: BillRows): SegmentTotals {
  let exceptions = 0
  for (const hold of bills.hold) if (hold !== 0) exceptions++
  return {
    bills: bills.count - exceptions,
    exceptions,
    energyE4: sumOfBills(bills, bills.energyE4),
    amountFen: sumOfBills(bills, bills.amountFen),
    digest: resultDigest(bills),
  }
}

/** Values of a column are below 2^52 in magnitude; their sum may be beyond what a number holds. */
function sumOfBills({ count, hold }: BillRows, column: Float64Array): bigint {
  let total = 0n
  let part = 0
  for (let row = 0; row < count; row++) {
    if (hold[row] === 0) part += column[row] ?? 0
    if (Math.abs(part) < 2 ** 52) continue
    total += BigInt(part)
    part = 0
  }
  return total + BigInt(part)
}

const recordBytes = 84
const wholeBytes = 8

/**
 * SHA-256 over a line `code,version` for each tariff and a record of 84 bytes, most significant first, for each account: account, begin
 * and end of the period, energy, amount and ladder as 64-bit integers (0 for what a held account has not), place of the tariff (16 bits),
 * estimated, hold (a byte each), digest of the lines.
 */
function resultDigest(bills: BillRows): Buffer {
  const terms = Buffer.from(bills.tariffs.map(({ code, version }) => `${code},${version}\n`).join(''))
  const records = Buffer.alloc(recordBytes * bills.count)
  const view = new DataView(records.buffer, records.byteOffset, records.length)
  const { accountId, periodStart, periodEnd, energyE4, amountFen, ladderEnergyE4 } = bills
  const wholes = [accountId, periodStart, periodEnd, energyE4, amountFen, ladderEnergyE4]
  for (let row = 0; row < bills.count; row++) {
    let at = recordBytes * row
    for (const column of wholes) {
      setWhole(view, at, column[row] ?? 0)
      at += wholeBytes
    }
    view.setUint16(at, bills.program[row] ?? 0)
    view.setUint8(at + 2, bills.estimated[row] ?? 0)
    view.setUint8(at + 3, bills.hold[row] ?? 0)
    records.set(bills.linesSha256.subarray(32 * row, 32 * row + 32), at + 4)
  }
  return hash('sha256', Buffer.concat([terms, records]), 'buffer')
}

function setWhole(view: DataView, at: number, value: number): void {
  view.setInt32(at, Math.floor(value / 2 ** 32))
  view.setUint32(at + 4, value >>> 0)
}
