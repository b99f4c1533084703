import { add, formatRational, isZero, type Rational, subtract, sum, zero } from '../../domain/rational.js'
import type { Bill } from './bill.js'
import { moneyText } from './money-text.js'
import { exact as exactOf } from './usage/register-quantity.js'

/** What this bill charges more than another, by component; components that agree are left out. */
export function differenceOf(bill: Bill, previous: Bill, decimals: number): NonNullable<Bill['difference']> {
  const [now, before] = [chargedBy(bill), chargedBy(previous)]
  const byComponent = [...new Set([...now.keys(), ...before.keys()])].map((component) => ({
    component,
    exact: subtract(now.get(component)?.exact ?? zero, before.get(component)?.exact ?? zero),
    amount: subtract(now.get(component)?.amount ?? zero, before.get(component)?.amount ?? zero),
  }))
  const differing = byComponent.filter(({ exact, amount }) => !isZero(exact) || !isZero(amount))
  const [totalNow, totalBefore] = [totalOf(bill), totalOf(previous)]
  return {
    exact: formatRational(sum(byComponent.map(({ exact }) => exact))),
    amount: moneyText(subtract(totalNow, totalBefore), decimals),
    byComponent: differing.map(({ component, exact, amount }) => ({
      component,
      exact: formatRational(exact),
      amount: moneyText(amount, decimals),
    })),
  }
}

/** What a bill charges, all periods together, as rounded. */
export function totalOf({ periods }: Bill): Rational {
  return sum(periods.map(({ totals }) => exactOf(totals.amount)))
}

function chargedBy({ periods }: Bill): ReadonlyMap<string, { readonly exact: Rational; readonly amount: Rational }> {
  const charged = new Map<string, { exact: Rational; amount: Rational }>()
  for (const { component, exact, amount } of periods.flatMap(({ totals }) => totals.byComponent)) {
    const before = charged.get(component) ?? { exact: zero, amount: zero }
    charged.set(component, { exact: add(before.exact, exactOf(exact)), amount: add(before.amount, exactOf(amount)) })
  }
  return charged
}
