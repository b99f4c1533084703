import type { Instant } from '../../domain/time.js'
import { entryTotals, insertPosting, lastChainLink } from '../../storage/billing/journal.js'
import type { Transaction } from '../../storage/database.js'
import { nextLink } from './chain.js'

/** Posts a segment at the end of the chain, with its totals; the caller holds the ledger lock. */
export async function postSegment(
  tx: Transaction,
  segment: { readonly segmentId: bigint; readonly naturalKey: string },
  actorId: string,
  at: Instant,
): Promise<{ readonly entries: number }> {
  const { count, balances } = await entryTotals(tx, segment.segmentId)
  await insertPosting(tx, {
    segmentId: segment.segmentId,
    actorId,
    at,
    link: await nextLink(tx, await lastChainLink(tx), segment),
    entryCount: count,
    balances,
  })
  return { entries: count }
}
