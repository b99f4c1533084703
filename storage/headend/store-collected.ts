import pg from 'pg'
import { dayMs, type Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../database.js'
import { oldestStampMs } from '../time-series.js'
import type { CollectedReading, FailedAttempt, QuarantinedMessage, WindowStatistics } from './collected.js'
import { insertFailedReads } from './failed-reads.js'
import { type LineLease, lockNextSequence, setNextSequence } from './line-lease.js'
import { insertLineStatistics } from './line-statistics.js'
import { insertQuarantined } from './quarantine.js'
import { insertReadings, type ReadingsAt, type ReadingsStored } from './readings.js'

/** All that one line brought and that belongs together: stored as a whole or not at all. */
export interface LineBatch {
  readonly lease: LineLease
  readonly recordedAt: Instant
  readonly readings: readonly CollectedReading[]
  readonly failures: readonly FailedAttempt[]
  readonly quarantined: readonly QuarantinedMessage[]
  /** Null while the window goes on. Left out, too, when nothing of the batch was new: a repeated upload counts once. */
  readonly statistics: WindowStatistics | null
  readonly countOnlyIfNew: boolean
}

export interface BatchStored extends ReadingsStored {
  readonly quarantined: number
}

/** How far a meter's clock may run ahead of ours. */
const newestStampMs = dayMs
const uniqueViolation = '23505'

/**
 * Stores a batch under the line's lease. @throws LineLeaseLostError when another owner has the line.
 * A conflict with another session on the same key repeats the whole batch, the second time tolerant of conflicts.
 */
export async function storeCollected(database: Database, batch: LineBatch): Promise<BatchStored> {
  try {
    return await database.transaction((tx) => storeIn(tx, batch, 'expect_new'))
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === uniqueViolation)) throw error
    return database.transaction((tx) => storeIn(tx, batch, 'tolerate_conflicts'))
  }
}

async function storeIn(tx: Transaction, batch: LineBatch, mode: ReadingsAt['mode']): Promise<BatchStored> {
  const { lease, recordedAt } = batch
  const firstSequence = await lockNextSequence(tx, lease)
  const { plausible, rejected } = splitByStamp(batch)
  const stored = await insertReadings(tx, plausible, { lineId: lease.lineId, firstSequence, recordedAt, mode })
  if (stored.stored + stored.disputed > 0) {
    await setNextSequence(tx, lease, firstSequence + BigInt(plausible.length))
  }
  await insertFailedReads(tx, batch.failures, recordedAt)
  const quarantined = await insertQuarantined(tx, lease.lineId, [...batch.quarantined, ...rejected])
  const isNew = stored.stored + stored.disputed + quarantined > 0
  if (batch.statistics !== null && (isNew || !batch.countOnlyIfNew)) {
    await insertLineStatistics(tx, lease.lineId, batch.statistics, recordedAt)
  }
  return { ...stored, quarantined }
}

function splitByStamp({ readings, recordedAt }: LineBatch): {
  readonly plausible: readonly CollectedReading[]
  readonly rejected: readonly QuarantinedMessage[]
} {
  const plausible: CollectedReading[] = []
  const rejected: QuarantinedMessage[] = []
  for (const reading of readings) {
    if (isPlausibleStamp(reading.readAt, recordedAt)) plausible.push(reading)
    else rejected.push({ reason: 'stamp_out_of_range', payload: reading.response, receivedAt: reading.receivedAt })
  }
  return { plausible, rejected }
}

/** Stamps outside [now - oldestStampMs, now + newestStampMs] are no readings. */
export function isPlausibleStamp(stamp: Instant, now: Instant): boolean {
  return stamp >= now - oldestStampMs && stamp <= now + newestStampMs
}
