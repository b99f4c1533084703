import { fundAccounts, ledgerNumbers, requireLegs } from './check-entry.js'
import type { CheckedLine } from './check-component-lines.js'
import { child, childOr, type Cursor, decimal, isAbsent, items, text } from './cursor.js'
import { Fault } from './fault.js'
import { add, divide, integer, multiply, negate, type Rational, roundToCents, subtract, sum } from './rational.js'

/** The journal entry of a bill under a tariff of components is what the version's posting makes of its lines. */
export function checkComponentEntry(
  entry: Cursor,
  posting: Cursor,
  lines: readonly CheckedLine[],
  { energy, amount }: { readonly energy: Rational; readonly amount: Rational },
): void {
  const chargedBy = (code: Cursor) =>
    roundToCents(sum(lines.filter(({ component }) => component === text(code)).map((line) => line.amount)))
  const purchased = sum(items(childOr(posting, 'purchases', [])).map(chargedBy))
  const sold = subtract(amount, purchased)
  const tax = child(posting, 'vat')
  const rate = child(tax, 'rate')
  const vat = isAbsent(rate)
    ? chargedBy(child(tax, 'component'))
    : subtract(sold, roundToCents(divide(sold, add(integer(1n), decimal(rate)))))
  const funds = (isAbsent(child(posting, 'funds')) ? [] : items(child(posting, 'funds'))).map((fund) => {
    const account = fundAccounts[text(child(fund, 'fund'))]
    if (account === undefined)
      throw new Fault(child(fund, 'fund').path, 'a fund the checker knows', text(child(fund, 'fund')))
    const price = child(fund, 'price')
    const charged = isAbsent(price)
      ? chargedBy(child(fund, 'component'))
      : roundToCents(multiply(energy, decimal(price)))
    return [account, negate(charged)] as const
  })
  const besides = sum([negate(vat), negate(purchased), ...funds.map(([, charged]) => charged)])
  requireLegs(entry, [
    [ledgerNumbers.receivable, amount],
    [ledgerNumbers.outputVat, negate(vat)],
    ...funds,
    [ledgerNumbers.revenue, negate(add(amount, besides))],
    [ledgerNumbers.purchasedPower, negate(purchased)],
  ])
}
