import type { Instant } from '../../domain/time.js'
import { insertPosting, lastChainLink, segmentEntries } from '../../storage/billing/journal.js'
import type { Transaction } from '../../storage/database.js'
import { balancesOf, nextLink } from './chain.js'

/** Posts a segment at the end of the chain, with its totals; the caller holds the ledger lock. */
export async function postSegment(
  tx: Transaction,
  segment: { readonly segmentId: bigint; readonly naturalKey: string },
  actorId: string,
  at: Instant,
): Promise<{ readonly entries: number }> {
  const entries = await segmentEntries(tx, segment.segmentId)
  await insertPosting(tx, {
    segmentId: segment.segmentId,
    actorId,
    at,
    link: nextLink(await lastChainLink(tx), segment.naturalKey, entries),
    entryCount: entries.length,
    balances: balancesOf(entries),
  })
  return { entries: entries.length }
}
