import type { Instant } from '../../domain/time.js'
import type { Database } from '../database.js'
import type { FailedAttempt, WindowStatistics } from './collected.js'
import { insertFailedReads } from './failed-reads.js'
import { type LineLease, requireLineLease } from './line-lease.js'
import { insertLineStatistics } from './line-statistics.js'
import { insertMeterStatistics, type MeterStatistics } from './meter-statistics.js'

/** What a pass over reading sets leaves at its end, beside what it read. */
export interface SetPass {
  readonly lease: LineLease
  readonly recordedAt: Instant
  readonly failures: readonly FailedAttempt[]
  readonly meters: readonly MeterStatistics[]
  readonly sums: WindowStatistics
}

/**
 * Stores failures and statistics of a pass together, under the line's lease: a meter without a failure after its statistics is done.
 * @throws LineLeaseLostError when another owner has the line.
 */
export async function storeSetPass(
  database: Database,
  { lease, recordedAt, failures, meters, sums }: SetPass,
): Promise<void> {
  await database.transaction(async (tx) => {
    const { lineId } = lease
    const { windowStart, windowKey } = sums
    await requireLineLease(tx, lease)
    await insertFailedReads(tx, failures, recordedAt)
    await insertMeterStatistics(tx, meters, { lineId, windowStart, windowKey, recordedAt })
    await insertLineStatistics(tx, lineId, sums, recordedAt)
  })
}
