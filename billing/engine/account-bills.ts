import { type HoldCode, holdCodes } from '../../domain/bill.js'
import { present, type Result } from '../../domain/result.js'
import { calendarFor } from '../../domain/time.js'
import type { BillRows } from '../../storage/billing/bills.js'
import { eachComponentInput } from '../../storage/billing/component-inputs.js'
import { accountInputSchema } from '../by-account/account-input.js'
import type { AccountProblem } from '../by-account/account-problem.js'
import { type AccountBill, rateByAccount } from '../by-account/rate-by-account.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import type { AccountBills, AccountShard } from './account-shard.js'

type Rated = Pick<
  AccountBill,
  'version' | 'lines' | 'linesSha256' | 'amountFen' | 'hasFilledDays' | 'ladderEnergyE4' | 'closing' | 'legs'
> & { readonly code: string }

/** The bills of a shard with those that were rated one by one in their places; the columns rated nothing there. */
export function withAccountBills(
  bills: BillRows,
  { inputs, tariffs }: AccountShard,
  zone: string,
): { readonly bills: BillRows; readonly accounts: AccountBills } {
  const rows = new Map(Array.from(bills.accountId, (accountId, row) => [accountId, row] as const))
  const byCode = new Map(tariffs.map((tariff) => [tariff.code, tariff]))
  const place = { zone, calendar: calendarFor(zone) }
  const found: (readonly [row: number, rated: Result<Rated, AccountProblem>])[] = []
  eachComponentInput(inputs, ({ accountId, tariffCode, document }) => {
    const row = present(rows.get(Number(accountId)), `the row of account ${accountId}`)
    const tariff = present(byCode.get(tariffCode), `tariff ${tariffCode}`)
    const rated = rateByAccount(accountInputSchema.parse(document), tariff, place)
    found.push([row, rated.ok ? { ok: true, value: stored(rated.value, tariff.code) } : rated])
  })
  const known = found.flatMap(([row, rated]) => (rated.ok ? [[row, rated.value] as const] : []))
  return {
    bills: placed(bills, tariffs, found),
    accounts: {
      legs: new Map(known.map(([row, { legs }]) => [row, legs])),
      problems: new Map(found.flatMap(([row, rated]) => (rated.ok ? [] : [[row, rated.error] as const]))),
      components: new Map(known.map(([row, { lines, closing }]) => [row, { lines, closing }])),
    },
  }
}

/** What goes into the database; the rest is large and re-derived. */
function stored(
  { version, lines, linesSha256, amountFen, hasFilledDays, ladderEnergyE4, closing, legs }: AccountBill,
  code: string,
): Rated {
  return { code, version, lines, linesSha256, amountFen, hasFilledDays, ladderEnergyE4, closing, legs }
}

function placed(
  bills: BillRows,
  tariffs: readonly ComponentTariff[],
  found: readonly (readonly [number, Result<Rated, AccountProblem>])[],
): BillRows {
  const terms = [
    ...bills.tariffs,
    ...tariffs.flatMap(({ code, versions }) => versions.map(({ version }) => ({ code, version }))),
  ]
  const numbers = new Map(terms.map(({ code, version }, index) => [`${code} ${version}`, index]))
  const [program, estimated] = [bills.program.slice(), bills.estimated.slice()]
  for (const [row, rated] of found) {
    bills.hold[row] = rated.ok ? 0 : holdNumber('rating_refused')
    if (!rated.ok) continue
    const { code, version, amountFen, hasFilledDays, ladderEnergyE4, linesSha256 } = rated.value
    if (hasFilledDays) estimated[row] = 1
    bills.amountFen[row] = Number(amountFen)
    bills.ladderEnergyE4[row] = Number(ladderEnergyE4)
    bills.linesSha256.set(linesSha256, 32 * row)
    program[row] = present(numbers.get(`${code} ${version.version}`), `version of ${code}`)
  }
  return { ...bills, program, estimated, tariffs: terms }
}

function holdNumber(code: HoldCode): number {
  return 1 + holdCodes.indexOf(code)
}
