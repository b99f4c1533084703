import type { Instant } from '../../domain/time.js'
import { type Database, isRefusedData } from '../../storage/database.js'
import { installedMeters } from '../../storage/headend/lines.js'
import { type CollectedUpload, storeUploads, type UploadsStored } from '../../storage/headend/store-uploads.js'
import { ensureTimePartitions, needsOldPartition } from '../../storage/time-series.js'
import { addressesOf, collectUploads, type ReadUpload } from './collect-uploads.js'
import type { RepeatGuess } from './repeat-guess.js'

/**
 * Stores uploads of any lines: readings, frames, what was kept aside, and the lines' sums. Repeating it changes nothing. What the
 * database refuses for its content is found by halving and kept aside as a whole, so that it holds up nobody else.
 */
export async function storeReadUploads(
  database: Database,
  now: Instant,
  uploads: readonly ReadUpload[],
  guess: RepeatGuess,
): Promise<UploadsStored> {
  try {
    return await storeTogether(database, now, uploads, guess)
  } catch (error) {
    if (!isRefusedData(error)) throw error
    const [only, another] = uploads
    if (only !== undefined && another === undefined) return keepAside(database, now, only)
    const half = Math.ceil(uploads.length / 2)
    const front = await storeReadUploads(database, now, uploads.slice(0, half), guess)
    return sumOf(front, await storeReadUploads(database, now, uploads.slice(half), guess))
  }
}

async function storeTogether(
  database: Database,
  now: Instant,
  uploads: readonly ReadUpload[],
  guess: RepeatGuess,
): Promise<UploadsStored> {
  const meters = await installedMeters(database, addressesOf(uploads), now)
  const repeated = guess.repeatedAmong(uploads)
  const collected = collectUploads(uploads, meters, (upload) => repeated.has(upload))
  await makeOldPartitions(database, collected, now)
  const stored = await storeUploads(database, collected, now)
  if (stored.surprised) guess.wasSurprised()
  return stored
}

function sumOf(left: UploadsStored, right: UploadsStored): UploadsStored {
  const quarantined = new Map(left.quarantined)
  for (const [reason, count] of right.quarantined) quarantined.set(reason, count + (quarantined.get(reason) ?? 0))
  return {
    stored: left.stored + right.stored,
    disputed: left.disputed + right.disputed,
    duplicates: left.duplicates + right.duplicates,
    frames: left.frames + right.frames,
    repeated: left.repeated + right.repeated,
    quarantined,
    surprised: left.surprised || right.surprised,
  }
}

async function makeOldPartitions(database: Database, uploads: readonly CollectedUpload[], now: Instant): Promise<void> {
  const stamps = new Set<Instant>()
  for (const { frame } of uploads) {
    for (const { readAt } of frame?.readings ?? []) if (needsOldPartition(readAt, now)) stamps.add(readAt)
  }
  for (const stamp of stamps) await ensureTimePartitions(database, stamp, stamp + 1)
}

async function keepAside(database: Database, now: Instant, { arrived }: ReadUpload): Promise<UploadsStored> {
  const { payload, receivedAt } = arrived
  const quarantined = [{ reason: 'not_storable', payload, receivedAt }]
  const lineId = arrived.line?.lineId ?? null
  return storeUploads(
    database,
    [{ lineId, frame: null, sets: null, quarantined, statistics: null, repeated: false }],
    now,
  )
}
