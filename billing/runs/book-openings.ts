import type { Instant } from '../../domain/time.js'
import { insertEntries } from '../../storage/billing/journal.js'
import { insertOpeningReceivables, openingsToBook, readOpeningMoney } from '../../storage/billing/openings.js'
import { insertLedgerSegment, lockLedger } from '../../storage/billing/segments.js'
import type { Database } from '../../storage/database.js'
import { openingEntry } from '../ledger/opening-entry.js'
import { postSegment } from '../ledger/post-segment.js'
import { requireActor } from '../require-actor.js'

/**
 * Books the money of every opening batch that two people approved and that the ledger does not have: arrears become open items with their
 * own due dates, prepayments are owed to their customers. Each batch is one posted segment, and the database compares it with what was
 * approved; one without money has none. A repetition makes up for a crash and changes nothing else.
 * @returns the batches booked now.
 */
export async function bookOpenings(
  database: Database,
  { actor, now }: { readonly actor: string; readonly now: Instant },
): Promise<readonly string[]> {
  return database.transaction(async (tx) => {
    await requireActor(tx, actor)
    await lockLedger(tx)
    const batches = await openingsToBook(tx)
    for (const batch of batches) {
      const naturalKey = `opening:${batch}`
      const money = (await readOpeningMoney(tx, batch)).map((one, ordinal) => ({ ...one, ordinal }))
      const segmentId = await insertLedgerSegment(tx, naturalKey, 'opening', now)
      await insertEntries(
        tx,
        segmentId,
        money.map(({ ordinal, accountId, asOfDay, ...one }) => {
          return { ordinal, effectiveDate: asOfDay, documentKind: 'opening', accountId, ...openingEntry(one) }
        }),
      )
      await insertOpeningReceivables(
        tx,
        segmentId,
        money.filter(({ kind }) => kind === 'arrear'),
      )
      await postSegment(tx, { segmentId, naturalKey }, actor, now)
    }
    return batches
  })
}
