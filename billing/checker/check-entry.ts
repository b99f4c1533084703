import { child, type Cursor, decimal, isAbsent, items, text, whole } from './cursor.js'
import { Fault, requireEqual, requireSame } from './fault.js'
import {
  add,
  compare,
  divide,
  integer,
  multiply,
  negate,
  type Rational,
  roundToCents,
  subtract,
  sum,
  zero,
} from './rational.js'

export const ledgerNumbers = { receivable: 1122, outputVat: 2221, revenue: 6001, purchasedPower: 6401 } as const
export const fundAccounts: Readonly<Record<string, number>> = {
  rural_grid_loan: 2241,
  reservoir_resettlement: 2242,
  renewable_energy: 2243,
}

/**
 * The journal entry of the bill balances, and its legs are the receivable, VAT out of the gross, each fund, and revenue as the rest. A bill
 * that comes to nothing is not booked.
 */
export function checkEntry(entry: Cursor, document: Cursor, energy: Rational, amount: Rational): void {
  requireLegs(entry, compare(amount, zero) === 0 ? [] : expectedLegs(document, energy, amount))
}

type Leg = readonly [account: number, amount: Rational]

/** An entry balances and has these legs by account number, without those that come to nothing; no entry where none is left. */
export function requireLegs(entry: Cursor, all: readonly Leg[]): void {
  const expected = all.filter(([, legAmount]) => compare(legAmount, zero) !== 0).toSorted(([a], [b]) => a - b)
  if (expected.length === 0) {
    if (!isAbsent(entry)) throw new Fault(entry.path, 'no entry for no money', 'an entry')
    return
  }
  const legs = items(child(entry, 'legs'))
  requireEqual('entry.balance', zero, sum(legs.map((leg) => decimal(child(leg, 'amount')))))
  requireSame(child(entry, 'legs').path, `${expected.length} legs`, `${legs.length} legs`)
  for (const [index, leg] of legs.entries()) {
    const [account, legAmount] = expected[index] ?? [0, zero]
    requireSame(child(leg, 'account').path, String(account), String(whole(child(leg, 'account'))))
    requireEqual(child(leg, 'amount').path, legAmount, decimal(child(leg, 'amount')))
  }
}

/** Debits positive, credits negative. */
function expectedLegs(document: Cursor, energy: Rational, gross: Rational): readonly Leg[] {
  const rate = decimal(child(child(document, 'vat'), 'rate'))
  const net = roundToCents(divide(gross, add(integer(1n), rate)))
  const funds = items(child(document, 'funds')).map((fund) => {
    const name = child(fund, 'fund')
    const account = fundAccounts[text(name)]
    if (account === undefined) throw new Fault(name.path, 'a fund the checker knows', text(name))
    return [account, negate(roundToCents(multiply(energy, decimal(child(fund, 'price')))))] as const
  })
  const fundTotal = sum(funds.map(([, fundAmount]) => fundAmount))
  return [
    [ledgerNumbers.receivable, gross],
    [ledgerNumbers.outputVat, subtract(net, gross)],
    ...funds,
    [ledgerNumbers.revenue, negate(add(net, fundTotal))],
  ]
}
