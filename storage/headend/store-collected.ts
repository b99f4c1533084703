import type { LineId } from '../../domain/reading.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../database.js'
import { oldestStampMs } from '../time-series.js'
import type {
  CollectedFrame,
  CollectedReading,
  FailedAttempt,
  QuarantinedMessage,
  WindowStatistics,
} from './collected.js'
import { insertFailedReads } from './failed-reads.js'
import { type LineLease, requireLineLease } from './line-lease.js'
import { insertLineStatistics } from './line-statistics.js'
import { insertMeterStatistics, type MeterStatistics } from './meter-statistics.js'
import { insertQuarantined } from './quarantine.js'
import { type InsertMode, insertReadings, type ReadingsStored } from './readings.js'
import { whileKeysConflict } from './while-keys-conflict.js'

/** All that one line brought and that belongs together: stored as a whole or not at all. */
export interface LineBatch {
  readonly lease: LineLease
  readonly recordedAt: Instant
  readonly readings: readonly CollectedReading[]
  readonly failures: readonly FailedAttempt[]
  readonly quarantined: readonly QuarantinedMessage[]
  /** Null while the window goes on. */
  readonly statistics: WindowStatistics | null
  /** What the exchanges with each meter came to in the stretch that `statistics` sums; absent where nobody counted them. */
  readonly meters?: MeterTally
}

export interface MeterTally {
  /** Tells the stretches of a window apart; the same one is stored once. */
  readonly windowKey: string
  readonly each: readonly MeterStatistics[]
}

export interface BatchStored extends Omit<ReadingsStored, 'newFrames'> {
  readonly quarantined: number
}

/** How far a meter's clock may run ahead of ours. */
const newestStampMs = dayMs

/**
 * Stores a batch under the line's lease. @throws LineLeaseLostError when another owner has the line.
 * A conflict with another session on the same key repeats the whole batch, the second time tolerant of conflicts.
 */
export async function storeCollected(database: Database, batch: LineBatch): Promise<BatchStored> {
  return whileKeysConflict('skip_known', (mode) => database.transaction((tx) => storeIn(tx, batch, mode)))
}

async function storeIn(tx: Transaction, batch: LineBatch, mode: InsertMode): Promise<BatchStored> {
  const { lease, recordedAt } = batch
  await requireLineLease(tx, lease)
  const { frames, rejected } = toFrames(lease.lineId, batch)
  const { stored, disputed, duplicates } = await insertReadings(tx, frames, { recordedAt, mode })
  await insertFailedReads(tx, batch.failures, recordedAt)
  const kept = [...batch.quarantined, ...rejected].map((message) => ({ ...message, lineId: lease.lineId }))
  const quarantined = (await insertQuarantined(tx, kept)).size
  if (batch.statistics !== null) await insertLineStatistics(tx, lease.lineId, batch.statistics, recordedAt)
  await insertTally(tx, lease.lineId, batch, recordedAt)
  return { stored, disputed, duplicates, quarantined }
}

export async function insertTally(
  tx: Transaction,
  lineId: LineId,
  { statistics, meters }: Pick<LineBatch, 'statistics' | 'meters'>,
  recordedAt: Instant,
): Promise<void> {
  if (statistics === null || meters === undefined || meters.each.length === 0) return
  const { windowStart } = statistics
  await insertMeterStatistics(tx, meters.each, { lineId, windowStart, windowKey: meters.windowKey, recordedAt })
}

/** A line's reply speaks of one reading alone. */
function toFrame(lineId: LineId, reading: CollectedReading): CollectedFrame {
  const { meterId, protocol, request, response, receivedAt } = reading
  return { lineId, meterId, protocol, request, response, receivedAt, readings: [{ ...reading, slice: null }] }
}

/** The frames of a batch; readings whose stamp cannot be are kept aside instead. */
export function toFrames(
  lineId: LineId,
  { readings, recordedAt }: Pick<LineBatch, 'readings' | 'recordedAt'>,
): { readonly frames: readonly CollectedFrame[]; readonly rejected: readonly QuarantinedMessage[] } {
  const frames: CollectedFrame[] = []
  const rejected: QuarantinedMessage[] = []
  for (const reading of readings) {
    if (isPlausibleStamp(reading.readAt, recordedAt)) frames.push(toFrame(lineId, reading))
    else rejected.push({ reason: 'stamp_out_of_range', payload: reading.response, receivedAt: reading.receivedAt })
  }
  return { frames, rejected }
}

/** Stamps outside [now - oldestStampMs, now + newestStampMs] are no readings. */
export function isPlausibleStamp(stamp: Instant, now: Instant): boolean {
  return stamp >= now - oldestStampMs && stamp <= now + newestStampMs
}
