import type { RefrozenPeriod } from '../../mdm/corrections/redo-what-rests.js'
import type { Queryable } from '../../storage/database.js'
import { type BilledDifference, findBilledDifferences } from '../../storage/mdm/billed-differences.js'

/** Issued bills of the accounts in question that periods frozen anew no longer agree with. */
export async function billedOfPeriods(
  client: Queryable,
  periods: readonly RefrozenPeriod[],
): Promise<readonly BilledDifference[]> {
  const billed: BilledDifference[] = []
  for (const { setId, accounts } of periods) {
    const ours = new Set(accounts.map(({ account }) => account))
    billed.push(...(await findBilledDifferences(client, setId)).filter(({ account }) => ours.has(account)))
  }
  return billed
}
