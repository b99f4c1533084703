import { createHash, type Hash } from 'node:crypto'
import type { AccountUsage } from '../../storage/billing/segment-usages.js'
import { usageLine } from './manifest.js'

/** The most accounts a shard holds. */
export const maxSegmentAccounts = 20_000

/** A shard: accounts in [firstAccountId, lastAccountId] of the set. */
export interface PlannedSegment {
  readonly firstAccountId: bigint
  readonly lastAccountId: bigint
  readonly accounts: number
  readonly inputSha256: string
}

/** Cuts usages that arrive ordered by account into shards of at most `limit`, digesting each shard's inputs as they pass. */
export function createSegmentPlanner(limit: number): {
  readonly take: (usage: AccountUsage) => void
  readonly finish: () => readonly PlannedSegment[]
} {
  const planned: PlannedSegment[] = []
  let open: { first: bigint; last: bigint; accounts: number; hash: Hash } | null = null
  const close = (): void => {
    if (open === null) return
    const { first, last, accounts, hash } = open
    planned.push({ firstAccountId: first, lastAccountId: last, accounts, inputSha256: hash.digest('hex') })
    open = null
  }
  return {
    take(usage) {
      open ??= { first: usage.accountId, last: usage.accountId, accounts: 0, hash: createHash('sha256') }
      open.last = usage.accountId
      open.accounts++
      open.hash.update(`${usageLine(usage)}\n`)
      if (open.accounts === limit) close()
    },
    finish() {
      close()
      return planned
    },
  }
}
