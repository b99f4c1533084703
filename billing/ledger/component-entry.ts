import { add, divide, multiply, one, type Rational, rational, round, sum } from '../../domain/rational.js'
import { exact } from '../rating/usage/register-quantity.js'
import type { Posting } from '../tariffs/components/posting-schema.js'
import { fundAccounts, ledgerAccounts } from './accounts.js'
import { type Legs, toLegs } from './legs.js'

/** A line's amount in fen, not necessarily whole. */
export interface ChargedFen {
  readonly component: string
  readonly fen: Rational
}

const wholeFen = { mode: 'half_up', decimals: 0 } as const
/** Currency units a kWh × kWh e4, in fen. */
const energyToFen = rational(1n, 100n)

/**
 * Issue of a bill under a tariff of components, as its version says: the receivable against VAT, each fund, what is bought
 * from the customer, and revenue as what is left, so that they always add up. Each is rounded half up to fen once.
 */
export function componentEntry(
  { vat, funds, purchases = [] }: Posting,
  lines: readonly ChargedFen[],
  bill: { readonly energyE4: bigint; readonly amountFen: bigint },
): Legs {
  const chargedBy = (component: string) =>
    sum(lines.filter((line) => line.component === component).map(({ fen }) => fen))
  const purchasedFen = fenOf(sum(purchases.map(chargedBy)))
  const soldFen = bill.amountFen - purchasedFen
  const vatFen =
    'component' in vat
      ? fenOf(chargedBy(vat.component))
      : soldFen - fenOf(divide(rational(soldFen), add(one, exact(vat.rate))))
  const fundLegs = funds.map((fund) => {
    const fen =
      'component' in fund
        ? chargedBy(fund.component)
        : multiply(multiply(exact(fund.price), rational(bill.energyE4)), energyToFen)
    return [fundAccounts[fund.fund], -fenOf(fen)] as const
  })
  const besides = fundLegs.reduce((total, [, amountFen]) => total + amountFen, -vatFen - purchasedFen)
  return toLegs([
    [ledgerAccounts.receivable, bill.amountFen],
    [ledgerAccounts.outputVat, -vatFen],
    ...fundLegs,
    [ledgerAccounts.revenue, -bill.amountFen - besides],
    [ledgerAccounts.purchasedPower, -purchasedFen],
  ])
}

function fenOf(value: Rational): bigint {
  return round(value, wholeFen).n
}
