import { type TrialBalanceRow, trialBalanceRows } from '../../storage/billing/journal.js'
import type { Queryable } from '../../storage/database.js'

export interface TrialBalance {
  readonly accounts: readonly TrialBalanceRow[]
  readonly debitFen: bigint
  readonly creditFen: bigint
  readonly balanced: boolean
}

/** Totals of the posted ledger; balanced when debits equal credits. */
export async function trialBalance(client: Queryable): Promise<TrialBalance> {
  const accounts = await trialBalanceRows(client)
  const debitFen = accounts.reduce((sum, row) => sum + row.debitFen, 0n)
  const creditFen = accounts.reduce((sum, row) => sum + row.creditFen, 0n)
  return { accounts, debitFen, creditFen, balanced: debitFen === creditFen }
}
