import type { Instant } from '../../domain/time.js'
import { createEntryTally } from '../../storage/billing/entry-tally.js'
import { insertPosting, lastChainLink, streamEntryLines } from '../../storage/billing/journal.js'
import type { Transaction } from '../../storage/database.js'
import { beginLink } from './chain.js'

export interface SegmentToPost {
  readonly segmentId: bigint
  readonly naturalKey: string
  /** The lines of its entries, where they have been read already; nothing may be appended to the segment since. */
  readonly lines?: readonly Buffer[]
}

/** Posts a segment at the end of the chain, with its totals; the caller holds the ledger lock. */
export async function postSegment(
  tx: Transaction,
  { segmentId, naturalKey, lines }: SegmentToPost,
  actorId: string,
  at: Instant,
): Promise<{ readonly entries: number }> {
  const tally = createEntryTally()
  const link = beginLink(await lastChainLink(tx), naturalKey)
  const take = (piece: Uint8Array): void => {
    link.update(piece)
    tally.push(piece)
  }
  if (lines === undefined) await streamEntryLines(tx, segmentId, take)
  else for (const piece of lines) take(piece)
  const { count, balances } = tally.result()
  await insertPosting(tx, { segmentId, actorId, at, link: link.end(), entryCount: count, balances })
  return { entries: count }
}
