import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { FailedAttempt } from './collected.js'
import { insertFailedReads } from './failed-reads.js'
import { insertUploadStatistics } from './line-statistics.js'
import { insertQuarantined } from './quarantine.js'
import { insertReadings } from './readings.js'
import { type LineBatch, toFrames } from './store-collected.js'
import { whileKeysConflict } from './while-keys-conflict.js'

/** What a line brought while the database was away; `recordedAt` is when it was laid on disk. */
export interface SpooledBatch extends Omit<LineBatch, 'lease'> {
  readonly lineId: LineId
}

/**
 * Stores a batch that waited on disk, under no lease: it was collected under one, and what was read stays true. Repeating it changes
 * nothing. Its rows are recorded now: what was told of an instant before did not know them. When they were received is in their frames.
 */
export async function storeSpooled(
  database: Database,
  batch: SpooledBatch,
  { recordedAt }: { readonly recordedAt: Instant },
): Promise<void> {
  const { lineId, statistics } = batch
  await whileKeysConflict('skip_known', (mode) =>
    database.transaction(async (tx) => {
      const { frames, rejected } = toFrames(lineId, batch)
      await insertReadings(tx, frames, { recordedAt, mode })
      await insertFailedReads(tx, await unknownAmong(tx, batch.failures), recordedAt)
      const kept = [...batch.quarantined, ...rejected]
      await insertQuarantined(
        tx,
        kept.map((message) => ({ ...message, lineId })),
      )
      if (statistics === null) return
      const windowKey = `${statistics.windowKey}/spooled-${batch.recordedAt}`
      await insertUploadStatistics(tx, [{ lineId, statistics: { ...statistics, windowKey } }], recordedAt, 'skip_known')
    }),
  )
}

/** An attempt is known by its due point and the moment at which it failed. */
async function unknownAmong(tx: Transaction, failures: readonly FailedAttempt[]): Promise<readonly FailedAttempt[]> {
  if (failures.length === 0) return failures
  const rows = await tx.query<{ readonly ordinal: bigint }>(
    `select n.ordinal
       from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) with ordinality as n (meter_id, read_at, failed_at, ordinal)
       join failed_read f on (f.meter_id, f.read_at, f.failed_at) = (n.meter_id, n.read_at, n.failed_at)`,
    [
      failures.map(({ meterId }) => meterId),
      failures.map(({ readAt }) => toTimestamptz(readAt)),
      failures.map(({ failedAt }) => toTimestamptz(failedAt)),
    ],
  )
  const known = new Set(rows.map(({ ordinal }) => Number(ordinal) - 1))
  return failures.filter((_, index) => !known.has(index))
}
