import type { RefrozenPeriod } from '../../mdm/corrections/redo-what-rests.js'
import type { Queryable } from '../../storage/database.js'
import type { BilledDifference } from '../../storage/mdm/billed-differences.js'
import { billedOfSet } from './billed-of-set.js'

/**
 * Issued bills of the accounts in question that periods frozen anew no longer agree with. An account that a period no longer has is in no
 * list of its accounts, so every such bill is named.
 */
export async function billedOfPeriods(
  client: Queryable,
  periods: readonly RefrozenPeriod[],
): Promise<readonly BilledDifference[]> {
  const billed: BilledDifference[] = []
  for (const { setId, accounts } of periods) {
    const ours = new Set(accounts.map(({ account }) => account))
    billed.push(...(await billedOfSet(client, setId)).filter(({ account, isGone }) => isGone || ours.has(account)))
  }
  return billed
}
