/** A message handed to a provider for an account. */
export interface SentNotice {
  readonly accountCode: string
  /** Epoch ms. */
  readonly sentAt: number
}

/** The moment at which the product had an account's debt booked as paid. */
export interface ClearedAccount {
  readonly accountCode: string
  /** Epoch ms. */
  readonly clearedAt: number
}

/** Messages that left after their account had paid; there must be none. */
export function noticesAfterPayment(
  sent: readonly SentNotice[],
  cleared: readonly ClearedAccount[],
): readonly SentNotice[] {
  const clearedAt = new Map(cleared.map((account) => [account.accountCode, account.clearedAt]))
  return sent.filter(({ accountCode, sentAt }) => sentAt > (clearedAt.get(accountCode) ?? Infinity))
}
