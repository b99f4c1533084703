import type { CopiedFields } from '../../storage/copy-fields.js'
import { billedAccountFields } from '../../storage/billing/segment-usages.js'

/** The most accounts a shard holds. */
export const maxSegmentAccounts = 20_000

/** As how many accounts one counts whose month of intervals is an input: it takes so much more memory and time. */
const accountsPerCurve = 10

/** A shard: accounts in [firstAccountId, lastAccountId] of the set. */
export interface PlannedSegment {
  readonly firstAccountId: bigint
  readonly lastAccountId: bigint
  readonly accounts: number
}

/**
 * Cuts accounts that arrive in order into shards of at most `limit`. Where accounts are under tariffs that ask for curves, a shard holds as
 * many fewer.
 */
export function createSegmentPlanner(
  limit: number,
  curveCodes: readonly string[],
): {
  readonly take: (account: CopiedFields) => void
  readonly finish: () => readonly PlannedSegment[]
} {
  const planned: PlannedSegment[] = []
  let open: { first: bigint; last: bigint; accounts: number; weight: number } | null = null
  const weightOf = (account: CopiedFields): number =>
    curveCodes.length > 0 && curveCodes.includes(account.text(billedAccountFields.tariffCode)) ? accountsPerCurve : 1
  const close = (): void => {
    if (open === null) return
    const { first, last, accounts } = open
    planned.push({ firstAccountId: first, lastAccountId: last, accounts })
    open = null
  }
  return {
    take(account) {
      const accountId = account.int8(billedAccountFields.accountId)
      open ??= { first: accountId, last: accountId, accounts: 0, weight: 0 }
      open.last = accountId
      open.accounts++
      open.weight += weightOf(account)
      if (open.weight >= limit) close()
    },
    finish() {
      close()
      return planned
    },
  }
}
