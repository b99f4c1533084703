import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../database.js'
import type { CollectedFrame, QuarantinedMessage, WindowStatistics } from './collected.js'
import type { CollectedValue, CountedEvents } from './collected-values.js'
import { insertEventCounts } from './events.js'
import { insertUploadStatistics } from './line-statistics.js'
import { insertQuarantined } from './quarantine.js'
import { type InsertMode, insertReadings } from './readings.js'
import { insertValues } from './store-values.js'
import { whileKeysConflict } from './while-keys-conflict.js'

/** What one message of a concentrator comes to. */
export interface CollectedUpload {
  /** Null when the registry knows no line for it. */
  readonly lineId: LineId | null
  /** All its readings with the bytes that prove them; null when it brought none. */
  readonly frame: CollectedFrame | null
  /** What it brought of reading sets; null when that is nothing. */
  readonly sets: UploadedSets | null
  readonly quarantined: readonly QuarantinedMessage[]
  /** Null when it is not even an upload. */
  readonly statistics: WindowStatistics | null
  /** Whether its readings may be there already, because it was sent or delivered before. Wrong is allowed, and costs time. */
  readonly repeated: boolean
}

export interface UploadedSets {
  readonly lineId: LineId
  readonly values: readonly CollectedValue[]
  readonly counts: readonly CountedEvents[]
}

export interface UploadsStored {
  readonly stored: number
  readonly disputed: number
  readonly duplicates: number
  /** Kept aside now, by reason. */
  readonly quarantined: ReadonlyMap<string, number>
  readonly frames: number
  /** Uploads that brought nothing which was not there. */
  readonly repeated: number
  /** Whether a key was there that no upload was thought to repeat. */
  readonly surprised: boolean
}

/**
 * Stores uploads of any lines in one transaction; needs no lease, because repeating it anywhere changes nothing. A repeated upload
 * whose every claim is known counts in no statistics.
 */
export async function storeUploads(
  database: Database,
  uploads: readonly CollectedUpload[],
  recordedAt: Instant,
): Promise<UploadsStored> {
  return whileKeysConflict('copy', (mode) => database.transaction((tx) => storeIn(tx, uploads, recordedAt, mode)))
}

async function storeIn(
  tx: Transaction,
  uploads: readonly CollectedUpload[],
  recordedAt: Instant,
  mode: InsertMode,
): Promise<UploadsStored> {
  const surprised = mode !== 'copy'
  const framesOf = (repeated: boolean) =>
    uploads.flatMap((upload) =>
      upload.frame !== null && (upload.repeated || surprised) === repeated ? [upload.frame] : [],
    )
  const fresh = await insertReadings(tx, framesOf(false), { recordedAt, mode: 'copy' })
  const known = await insertReadings(tx, framesOf(true), { recordedAt, mode: surprised ? mode : 'skip_known' })
  const withNewValues = await storeSets(tx, uploads, recordedAt)
  const messages = uploads.flatMap(({ lineId, quarantined }, upload) =>
    quarantined.map((message) => ({ ...message, lineId, upload })),
  )
  const kept = await insertQuarantined(tx, messages)
  const unknown = new Set([...kept].map(({ upload }) => upload))
  const isNew = ({ frame }: CollectedUpload, index: number): boolean =>
    unknown.has(index) ||
    withNewValues.has(index) ||
    (frame !== null && (fresh.newFrames.has(frame) || known.newFrames.has(frame)))
  const counted = uploads.filter(isNew)
  const isFirst = ({ repeated }: CollectedUpload): boolean => !repeated && !surprised
  await insertUploadStatistics(tx, counted.filter(isFirst), recordedAt, 'copy')
  await insertUploadStatistics(
    tx,
    counted.filter((upload) => !isFirst(upload)),
    recordedAt,
    'skip_known',
  )
  return {
    stored: fresh.stored + known.stored,
    disputed: known.disputed,
    duplicates: known.duplicates,
    quarantined: countedBy(kept, ({ reason }) => reason),
    frames: fresh.newFrames.size + known.newFrames.size,
    repeated: uploads.length - counted.length,
    surprised,
  }
}

function countedBy<T>(items: Iterable<T>, keyOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return counts
}

/** Line by line in one order, so that two nodes never wait for each other in a circle. @returns places of uploads that brought new values. */
async function storeSets(
  tx: Transaction,
  uploads: readonly CollectedUpload[],
  recordedAt: Instant,
): Promise<ReadonlySet<number>> {
  const fresh = new Set<number>()
  const inOrder = uploads
    .flatMap(({ sets }, index) => (sets === null ? [] : [{ index, sets }]))
    .toSorted((left, right) => Number(left.sets.lineId - right.sets.lineId))
  for (const { index, sets } of inOrder) {
    const outcomes = await insertValues(tx, sets.values, { lineId: sets.lineId, recordedAt })
    const counted = await insertEventCounts(tx, sets.counts, recordedAt)
    const isNew = outcomes.some((outcome) => outcome === 'created' || outcome === 'exists_with_different_values')
    if (isNew || counted > 0) fresh.add(index)
  }
  return fresh
}
