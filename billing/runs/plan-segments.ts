import { createHash, type Hash } from 'node:crypto'
import type { CopiedFields } from '../../storage/copy-fields.js'
import { usageFields } from '../../storage/billing/segment-usages.js'

/** The most accounts a shard holds. */
export const maxSegmentAccounts = 20_000

/** As how many accounts one counts whose month of intervals is an input: it takes so much more memory and time. */
const accountsPerCurve = 10

/** A shard: accounts in [firstAccountId, lastAccountId] of the set. */
export interface PlannedSegment {
  readonly firstAccountId: bigint
  readonly lastAccountId: bigint
  readonly accounts: number
  readonly inputSha256: string
}

/**
 * Cuts usages that arrive ordered by account into shards of at most `limit`, digesting each shard's inputs as they pass; what `take` has not
 * asked for when a chunk ends goes to `pass`. Where accounts are under tariffs that ask for curves, a shard holds as many fewer.
 */
export function createSegmentPlanner(
  limit: number,
  curveCodes: readonly string[],
): {
  readonly take: (usage: CopiedFields) => void
  readonly pass: (rows: Buffer) => void
  readonly finish: () => readonly PlannedSegment[]
} {
  const planned: PlannedSegment[] = []
  let open: { first: bigint; last: bigint; accounts: number; weight: number; hash: Hash } | null = null
  const weightOf = (usage: CopiedFields): number =>
    curveCodes.length > 0 && curveCodes.includes(usage.text(usageFields.tariffCode)) ? accountsPerCurve : 1
  const close = (): void => {
    if (open === null) return
    const { first, last, accounts, hash } = open
    planned.push({ firstAccountId: first, lastAccountId: last, accounts, inputSha256: hash.digest('hex') })
    open = null
  }
  return {
    take(usage) {
      const accountId = usage.int8(usageFields.accountId)
      open ??= { first: accountId, last: accountId, accounts: 0, weight: 0, hash: createHash('sha256') }
      open.last = accountId
      open.accounts++
      open.weight += weightOf(usage)
      if (open.weight < limit) return
      open.hash.update(usage.passed())
      close()
    },
    pass: (rows) => open?.hash.update(rows),
    finish() {
      close()
      return planned
    },
  }
}
