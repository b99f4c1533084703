import { type HoldCode, holdCodes } from '../../domain/bill.js'
import { invariant, present } from '../../domain/result.js'
import { calendarFor } from '../../domain/time.js'
import type { BillRows } from '../../storage/billing/bills.js'
import type { ComponentBill } from '../../storage/billing/component-bills.js'
import { eachComponentInput } from '../../storage/billing/component-inputs.js'
import { eachPlainInput } from '../../storage/billing/plain-inputs.js'
import type { SegmentUsages } from '../../storage/billing/usage-columns.js'
import { type AccountInput, accountInputSchema } from '../by-account/account-input.js'
import type { AccountProblem } from '../by-account/account-problem.js'
import { linesText } from '../by-account/packed-lines.js'
import { rateByAccount } from '../by-account/rate-by-account.js'
import type { Legs } from '../ledger/legs.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import type { AccountBills, AccountShard, TakeComponents } from './account-shard.js'
import { createPlainRating } from './components/plain-rating.js'
import { plainDocument } from './components/plain-document.js'
import type { EntryProgram } from './entry-program.js'
import { setBytes } from './line-writer.js'

/** The bills of a shard with those under tariffs of components in their places; the columns rated nothing there. */
export function withAccountBills(
  columns: BillRows,
  shard: AccountShard,
  usages: SegmentUsages,
  zone: string,
  take: TakeComponents,
): { readonly bills: BillRows; readonly accounts: AccountBills } {
  const { plain, documents, tariffs } = shard
  const places = placesIn(columns, tariffs, take)
  const rowOf = rowsInOrder(usages.accountId)
  const byCode = new Map(tariffs.map((tariff) => [tariff.code, tariff]))
  const tariffOf = (code: string) => present(byCode.get(code), `tariff ${code}`)
  const place = { zone, calendar: calendarFor(zone) }
  const rateDocument = (row: number, document: AccountInput, tariff: ComponentTariff) => {
    const rated = rateByAccount(document, tariff, place)
    if (!rated.ok) return places.hold(row, rated.error)
    const { version, lines, closing } = rated.value
    if (rated.value.hasFilledDays) places.bills.estimated[row] = 1
    places.put(row, {
      tariff: tariff.code,
      version: version.version,
      amountFen: Number(rated.value.amountFen),
      ladderEnergyE4: Number(rated.value.ladderEnergyE4),
      linesSha256: Buffer.from(rated.value.linesSha256).toString('latin1'),
      entry: null,
      legs: rated.value.legs,
      bill: { lines: linesText(lines), closing: () => JSON.stringify(closing) },
    })
  }
  const ratePlain = createPlainRating(usages, zone)
  eachPlainInput(plain, (input) => {
    const row = rowOf(input.accountId)
    const tariff = tariffOf(usages.tariffCodes[usages.tariff[row] ?? -1] ?? '')
    const bill = ratePlain(tariff, input, row)
    if (bill === null) rateDocument(row, accountInputSchema.parse(plainDocument(usages, row, input)), tariff)
    else places.put(row, bill)
  })
  eachComponentInput(documents, ({ accountId, tariffCode, document }) => {
    rateDocument(rowOf(Number(accountId)), accountInputSchema.parse(document), tariffOf(tariffCode))
  })
  const { bills, accounts } = places
  return { bills, accounts }
}

/** Accounts come in the order of the rows. */
function rowsInOrder(accountId: Float64Array): (account: number) => number {
  const rows = new Map(Array.from(accountId, (account, row) => [account, row] as const))
  return (account) => present(rows.get(account), `the row of account ${account}`)
}

interface Placed {
  readonly tariff: string
  readonly version: number
  readonly amountFen: number
  readonly ladderEnergyE4: number
  /** A character for each of its bytes. */
  readonly linesSha256: string
  readonly bill: ComponentBill
  /** How it is booked: by a program, or by legs of its own. */
  readonly entry: EntryProgram | null
  readonly legs: Legs | null
}

/** Where bills and refusals of single accounts go, one for each: nobody is billed twice, whatever the rows that were read say. */
function placesIn(columns: BillRows, tariffs: readonly ComponentTariff[], take: TakeComponents) {
  const terms = [
    ...columns.tariffs,
    ...tariffs.flatMap(({ code, versions }) => versions.map(({ version }) => ({ code, version }))),
  ]
  const numbers = new Map(terms.map(({ code, version }, index) => [`${code} ${version}`, index]))
  const bills = { ...columns, program: columns.program.slice(), estimated: columns.estimated.slice(), tariffs: terms }
  const legs = new Map<number, Legs>()
  const problems = new Map<number, AccountProblem>()
  const entries: (EntryProgram | null)[] = terms.slice(columns.tariffs.length).map(() => null)
  const isPlaced = new Uint8Array(columns.count)
  // Two agreements of one revision that both hold the period would be two rows of one account.
  const place = (row: number) => {
    invariant(isPlaced[row] === 0, `account ${columns.accountId[row]} is rated once`)
    isPlaced[row] = 1
  }
  return {
    bills,
    accounts: { legs, problems, entries },
    hold(row: number, problem: AccountProblem): void {
      place(row)
      bills.hold[row] = holdNumber('rating_refused')
      problems.set(row, problem)
    },
    put(row: number, placed: Placed): void {
      place(row)
      const number = present(numbers.get(`${placed.tariff} ${placed.version}`), `version of ${placed.tariff}`)
      bills.hold[row] = 0
      bills.amountFen[row] = placed.amountFen
      bills.ladderEnergyE4[row] = placed.ladderEnergyE4
      setBytes(bills.linesSha256, 32 * row, placed.linesSha256)
      bills.program[row] = number
      take(row, placed.bill)
      if (placed.entry !== null) entries[number - columns.tariffs.length] = placed.entry
      if (placed.legs !== null) legs.set(row, placed.legs)
    },
  }
}

function holdNumber(code: HoldCode): number {
  return 1 + holdCodes.indexOf(code)
}
