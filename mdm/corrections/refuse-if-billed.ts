import type { CorrectionChange } from '../../domain/registry-correction.js'
import { ok, type Result } from '../../domain/result.js'
import type { Transaction } from '../../storage/database.js'
import { billsIssuedFrom } from '../../storage/registry/affected-accounts.js'
import { type ChangeRefused, refuse } from '../registry/change-refused.js'
import type { FoundTarget } from './correction-target.js'
import { correctedFrom } from './usage-points-of.js'

const mostNamed = 5

/** Bills are not changed by it: who corrects what was billed says that a correction bill is due. */
export async function refuseIfBilled(
  tx: Transaction,
  change: CorrectionChange,
  target: FoundTarget,
  usagePointIds: readonly bigint[],
): Promise<Result<null, ChangeRefused>> {
  if (change.correctionBillDue === true) return ok(null)
  const bills = await billsIssuedFrom(tx, usagePointIds, correctedFrom(change, target))
  if (bills.length === 0) return ok(null)
  const named = bills.slice(0, mostNamed).map(({ account, billNumber }) => `${billNumber} (${account})`)
  const more = bills.length > mostNamed ? ` and ${bills.length - mostNamed} more` : ''
  return refuse(
    'bill_issued',
    `${bills.length} bills rest on it: ${named.join(', ')}${more}; with "correctionBillDue": true it is corrected all the same, and a correction bill is due`,
  )
}
