import { ledgerAccounts } from './accounts.js'
import { type Legs, toLegs } from './legs.js'

/**
 * Money a channel reported: in transit until the bank confirms it, against the receivables it clears, the rest as prepayment; money
 * of an unknown account waits among the unidentified receipts. Source: billing-rules 13.1.
 */
export function paymentEntry(payment: {
  readonly amountFen: bigint
  readonly clearedFen: bigint
  readonly accountKnown: boolean
}): Legs {
  const restFen = payment.amountFen - payment.clearedFen
  return toLegs([
    [ledgerAccounts.cashInTransit, payment.amountFen],
    [ledgerAccounts.receivable, -payment.clearedFen],
    [payment.accountKnown ? ledgerAccounts.prepaid : ledgerAccounts.unidentified, -restFen],
  ])
}
