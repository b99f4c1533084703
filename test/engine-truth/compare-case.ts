import { isDeepStrictEqual } from 'node:util'
import { compileProgram } from '../../billing/engine/compile-program.js'
import { compileEntry } from '../../billing/engine/entry-program.js'
import { rateShard } from '../../billing/engine/rate-shard.js'
import { billEntry } from '../../billing/ledger/bill-entry.js'
import { type Rating, rateAccount } from '../../billing/rating/rate-account.js'
import type { Tariff } from '../../billing/tariffs/tariff.js'
import { type HoldCode, linesSha256 } from '../../domain/bill.js'
import { err, invariant, present, type Result } from '../../domain/result.js'
import { beijing } from '../../domain/time.js'
import { packedUsages } from '../billing/engine/packed-usages.js'
import type { Case, CaseUsage } from './draw-case.js'
import { type EngineRows, engineRows } from './engine-rows.js'

/** What the columns and the readable rules say of one usage. */
export interface Compared {
  /** Why neither bills it; null for a bill. */
  readonly held: HoldCode | null
  /** Whether a product of it is beyond 2^53. */
  readonly wide: boolean
  /** What the two differ in: the hold, the bill with its lines, the receivable, the legs. */
  readonly differs: 'hold' | 'bill' | 'receivable' | 'entry' | null
}

/** Rates all usages of a case both ways: in columns up to the bytes that the database gets, and one by one by the readable rules. */
export function compareCase({ tariff, usages }: Case): readonly Compared[] {
  const program = compileProgram(tariff)
  invariant(program.ok, 'a drawn tariff loads')
  const tariffs = [{ code: tariff.code, version: 1, program: program.value, entry: compileEntry(tariff) }]
  const shard = rateShard({ usages: packedUsages(usages), timeZone: 'Asia/Shanghai', tariffs, accounts: null }, null)
  const rows = engineRows(shard)
  const holds = new Map(shard.rated.held.map(({ accountId, code }) => [accountId, code]))
  const exactE4 = BigInt(program.value.exactQuantityE4)
  return usages.map((used, row) => {
    const accountId = BigInt(row + 1)
    const known = { ...used, ladderOpeningE4: openingOf(used) }
    const expected =
      used.tariffCode === tariff.code ? rateAccount(tariff, known) : err({ kind: 'unknown_tariff' as const })
    const wide = expected.ok && expected.value.lines.some(({ quantityE4 }) => quantityE4 > exactE4)
    const held = expected.ok ? null : expected.error.kind
    const differs =
      (holds.get(accountId) ?? null) === held
        ? differenceIn(rows, accountId, expectedRows(row, known, tariff, expected))
        : 'hold'
    return { held, wide, differs }
  })
}

/** Where the ladder stands by the rules of `ladderOpening`, for usages whose opening state was taken at the begin of the period. */
function openingOf({ ladderFrom, periodFrom, ladderOpeningE4 }: CaseUsage): bigint | null {
  return ladderFrom >= periodFrom || periodFrom.endsWith('-01-01') ? 0n : ladderOpeningE4
}

type Rows = Readonly<Record<'bill' | 'receivable' | 'entry', readonly unknown[] | undefined>>

function differenceIn({ bills, receivables, entries }: EngineRows, accountId: bigint, expected: Rows) {
  if (!isDeepStrictEqual(bills.get(accountId), expected.bill)) return 'bill'
  if (!isDeepStrictEqual(receivables.get(accountId), expected.receivable)) return 'receivable'
  return isDeepStrictEqual(entries.get(accountId), expected.entry) ? null : 'entry'
}

/** What should be stored of an account: nothing where it is held, and nothing to pay or to book where the bill comes to nothing. */
function expectedRows(row: number, used: CaseUsage, tariff: Tariff, rated: Result<Rating, { kind: HoldCode }>): Rows {
  if (!rated.ok) return { bill: undefined, receivable: undefined, entry: undefined }
  const { amountFen } = rated.value
  const bill = billRow(row, used, tariff, rated.value)
  if (amountFen === 0n) return { bill, receivable: undefined, entry: undefined }
  const accountId = BigInt(row + 1)
  const { ledgerNumbers, amountsFen } = present(billEntry(tariff, { energyE4: used.energyE4, amountFen }), 'an entry')
  return { bill, receivable: [accountId, amountFen], entry: [accountId, ledgerNumbers, amountsFen] }
}

function billRow(row: number, used: CaseUsage, { code }: Tariff, bill: Rating): readonly unknown[] {
  const { lines, amountFen, ladderEnergyE4 } = bill
  return [
    beijing.startOfDay(used.periodFrom),
    beijing.startOfDay(used.periodTo),
    used.energyE4,
    amountFen,
    ladderEnergyE4,
    row % 7 === 0,
    lines.map((line) => line.component),
    lines.map((line) => line.slot),
    lines.map((line) => line.block),
    lines.map((line) => line.quantityE4),
    lines.map((line) => line.priceE8),
    lines.map((line) => line.amountFen),
    code,
    1,
    linesSha256(lines),
  ]
}
