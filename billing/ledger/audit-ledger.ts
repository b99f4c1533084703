import {
  type AccountBalance,
  type ChainLink,
  entryTotals,
  postedSegments,
  segmentBalances,
  streamEntryLines,
} from '../../storage/billing/journal.js'
import type { Queryable } from '../../storage/database.js'
import { beginLink } from './chain.js'

/** A posting that no longer is what it was when it was made. */
export interface LedgerFault {
  readonly kind: 'chain_broken' | 'entry_count_differs' | 'balance_differs'
  readonly segment: string
}

export interface LedgerAudit {
  readonly segments: number
  readonly entries: number
  readonly faults: readonly LedgerFault[]
}

/** Recomputes every posting from its entries: the hash chain, the number of entries, the totals per ledger account. */
export async function auditLedger(client: Queryable): Promise<LedgerAudit> {
  const faults: LedgerFault[] = []
  const segments = await postedSegments(client)
  let entryCount = 0
  let previous: ChainLink | null = null
  for (const posted of segments) {
    const segment = posted.natural_key
    const opened = beginLink(previous, segment)
    await streamEntryLines(client, posted.segment_id, opened.update)
    const link = opened.end()
    const { count, balances } = await entryTotals(client, posted.segment_id)
    if (link.chainNo !== posted.chain_no || !link.sha256.equals(posted.chain_sha256))
      faults.push({ kind: 'chain_broken', segment })
    if (count !== posted.entry_count) faults.push({ kind: 'entry_count_differs', segment })
    if (!sameBalances(balances, await segmentBalances(client, posted.segment_id)))
      faults.push({ kind: 'balance_differs', segment })
    entryCount += count
    // Each posting is judged against the one before it as stored, so that one fault is reported once.
    previous = { chainNo: posted.chain_no, sha256: posted.chain_sha256 }
  }
  return { segments: segments.length, entries: entryCount, faults }
}

function sameBalances(computed: readonly AccountBalance[], stored: readonly AccountBalance[]): boolean {
  return (
    computed.length === stored.length &&
    computed.every((balance, index) => {
      const other = stored[index]
      return (
        other?.accountNumber === balance.accountNumber &&
        other.debitFen === balance.debitFen &&
        other.creditFen === balance.creditFen
      )
    })
  )
}
