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

/** A shard with the SHA-256 of its packed usages. */
export interface FrozenSegment extends PlannedSegment {
  readonly inputSha256: string
}

/**
 * Cuts accounts that arrive in order into shards of at most `limit`. Where accounts are under tariffs that ask for curves, a shard holds as
 * many fewer.
 */
export function createSegmentPlanner(
  limit: number,
  curveCodes: readonly string[],
): {
  readonly take: (accountId: bigint, tariffCode: string) => void
  readonly finish: () => readonly PlannedSegment[]
} {
  const planned: PlannedSegment[] = []
  let open: { first: bigint; last: bigint; accounts: number; weight: number } | null = null
  const curves = new Set(curveCodes)
  const close = (): void => {
    if (open === null) return
    const { first, last, accounts } = open
    planned.push({ firstAccountId: first, lastAccountId: last, accounts })
    open = null
  }
  return {
    take(accountId, tariffCode) {
      open ??= { first: accountId, last: accountId, accounts: 0, weight: 0 }
      open.last = accountId
      open.accounts++
      open.weight += curves.has(tariffCode) ? accountsPerCurve : 1
      if (open.weight >= limit) close()
    },
    finish() {
      close()
      return planned
    },
  }
}
