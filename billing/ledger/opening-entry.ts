import { ledgerAccounts } from './accounts.js'
import { type Legs, toLegs } from './legs.js'

/** What an account owes, or has paid ahead, when this product takes over: its side of the books against the opening balances. */
export function openingEntry({
  kind,
  amountFen,
}: {
  readonly kind: 'arrear' | 'prepaid'
  readonly amountFen: bigint
}): Legs {
  return kind === 'arrear'
    ? toLegs([
        [ledgerAccounts.receivable, amountFen],
        [ledgerAccounts.openingBalances, -amountFen],
      ])
    : toLegs([
        [ledgerAccounts.openingBalances, amountFen],
        [ledgerAccounts.prepaid, -amountFen],
      ])
}
