import type { Instant } from '../../domain/time.js'
import type { Database } from '../database.js'
import type { QuarantinedMessage } from './collected.js'
import type { AbsentSlots, CollectedValue, CountedEvents } from './collected-values.js'
import { insertAbsentSlots } from './curves.js'
import { insertEventCounts } from './events.js'
import { type LineLease, requireLineLease } from './line-lease.js'
import { insertQuarantined } from './quarantine.js'
import { insertValues, type ValueOutcome } from './store-values.js'

/** All that one reading set of one meter brought: stored as a whole or not at all. */
export interface ReadingSetBatch {
  readonly lease: LineLease
  readonly recordedAt: Instant
  readonly values: readonly CollectedValue[]
  /** Sound answers that are no value. */
  readonly unreadable: readonly QuarantinedMessage[]
  readonly counts?: readonly CountedEvents[]
  readonly absent?: AbsentSlots | null
}

/** Stores a set under the line's lease. @throws LineLeaseLostError when another owner has the line. */
export async function storeReadingSet(
  database: Database,
  { lease, recordedAt, values, unreadable, counts = [], absent = null }: ReadingSetBatch,
): Promise<readonly ValueOutcome[]> {
  return database.transaction(async (tx) => {
    await requireLineLease(tx, lease)
    const outcomes = await insertValues(tx, values, { lineId: lease.lineId, recordedAt })
    await insertQuarantined(
      tx,
      unreadable.map((message) => ({ ...message, lineId: lease.lineId })),
    )
    await insertEventCounts(tx, counts, recordedAt)
    if (absent !== null) await insertAbsentSlots(tx, absent, recordedAt)
    return outcomes
  })
}
