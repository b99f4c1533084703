import { createHash } from 'node:crypto'
import type { SpoolFile } from './spool-file.js'

/** Records in the order in which they came, on disk until they are taken on. */
export interface Spool {
  /** `full` keeps nothing: the caller stops bringing more. @throws what the disk says; then nothing is kept either. */
  readonly append: (record: Buffer) => Promise<'kept' | 'full'>
  /**
   * Hands on one record after the other, the oldest first, and empties the file after the last. A failure of `take` stops it there and
   * is thrown; the next drain goes on with that record, and after a restart with the first, so `take` must bear repetition. Bytes that
   * are no record are set aside, and the records behind them are handed on.
   * @returns how many were handed on.
   */
  readonly drain: (take: (record: Buffer) => Promise<void>) => Promise<number>
  /** Bytes on disk. */
  readonly size: () => number
  /** Records that wait. */
  readonly records: () => number
  /** Stretches of bytes that were found to be no record since the spool was opened. */
  readonly damaged: () => number
  readonly isEmpty: () => boolean
}

/** Bytes that the disk gave back as no record. */
export interface SpoolDamage {
  readonly offset: number
  readonly bytes: number
  /** Where they are kept; null where there was no room for them, and then they stay in the spool's own file. */
  readonly keptIn: string | null
}

/**
 * Each record begins with these bytes, the length of the record (uint32), the first bytes of a digest of both, and those of the
 * record's own digest: behind damage the next record is found by them. (SHA-256)
 */
const marker = Buffer.from('e6d2b9735350f00d', 'hex')
const lengthEnd = marker.length + 4
const headerDigestEnd = lengthEnd + 4
const headerBytes = headerDigestEnd + 8
const scanBytes = 65_536

/**
 * Opens a spool that never grows beyond `maxBytes`. Where the process died in the middle of an append, the torn record at the end is
 * cut off: nobody was told that it is kept. Nothing else is ever cut off unread.
 */
export async function openSpool(
  file: SpoolFile,
  maxBytes: number,
  onDamage: (damage: SpoolDamage) => void = () => undefined,
): Promise<Spool> {
  let drained = 0
  let damaged = 0
  let records = await countRecords(file)
  /** Damage that there was no room to set aside. */
  let unsaved: readonly Stretch[] = []

  async function setAside({ offset, end }: Stretch): Promise<string | null> {
    const bytes = await file.read(offset, end - offset)
    return file.setAside(bytes).catch(() => null)
  }

  async function meet(stretch: Stretch): Promise<void> {
    const keptIn = await setAside(stretch)
    if (keptIn === null) unsaved = [...unsaved, stretch]
    damaged += 1
    onDamage({ offset: stretch.offset, bytes: stretch.end - stretch.offset, keptIn })
  }

  async function saveUnsaved(): Promise<void> {
    const left: Stretch[] = []
    for (const stretch of unsaved) if ((await setAside(stretch)) === null) left.push(stretch)
    unsaved = left
  }

  return {
    async append(record) {
      if (file.size() + headerBytes + record.length > maxBytes) return 'full'
      await file.append(Buffer.concat([headerOf(record), record]))
      records += 1
      return 'kept'
    },
    async drain(take) {
      let count = 0
      await saveUnsaved()
      for (let found = await stretchAt(file, drained); found !== null; found = await stretchAt(file, drained)) {
        if (found.record === null) await meet(found)
        else {
          await take(found.record)
          records -= 1
          count++
        }
        drained = found.end
      }
      records = 0
      if (unsaved.length > 0) return count
      await file.truncate(0)
      drained = 0
      return count
    },
    size: file.size,
    records: () => records,
    damaged: () => damaged,
    isEmpty: () => file.size() === drained,
  }
}

function headerOf(record: Buffer): Buffer {
  const start = Buffer.alloc(lengthEnd)
  marker.copy(start)
  start.writeUInt32BE(record.length, marker.length)
  return Buffer.concat([
    start,
    digestOf(start, headerDigestEnd - lengthEnd),
    digestOf(record, headerBytes - headerDigestEnd),
  ])
}

function digestOf(bytes: Buffer, length: number): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, length)
}

/** Bytes from `offset` to `end`; `record` null where they are none. */
interface Stretch {
  readonly offset: number
  readonly end: number
  readonly record: Buffer | null
}

/** The record at an offset, or everything up to the next one; null at the end of the file. */
async function stretchAt(file: SpoolFile, offset: number): Promise<Stretch | null> {
  if (offset >= file.size()) return null
  const record = await recordAt(file, offset)
  const end = record === null ? await nextRecord(file, offset + 1) : offset + headerBytes + record.length
  return { offset, end, record }
}

/** Null where there is no whole record whose digests are right. */
async function recordAt(file: SpoolFile, offset: number): Promise<Buffer | null> {
  const header = await file.read(offset, headerBytes)
  const length = lengthIn(header)
  if (length === null || offset + headerBytes + length > file.size()) return null
  const record = await file.read(offset + headerBytes, length)
  const isSound =
    record.length === length && digestOf(record, headerBytes - headerDigestEnd).equals(header.subarray(headerDigestEnd))
  return isSound ? record : null
}

/** Length of the record that a header announces; null for bytes that are no header. */
function lengthIn(header: Buffer): number | null {
  if (header.length < headerBytes || !header.subarray(0, marker.length).equals(marker)) return null
  const expected = digestOf(header.subarray(0, lengthEnd), headerDigestEnd - lengthEnd)
  return expected.equals(header.subarray(lengthEnd, headerDigestEnd)) ? header.readUInt32BE(marker.length) : null
}

/** Offset of the first sound record from there on; the end of the file where there is none. */
async function nextRecord(file: SpoolFile, from: number): Promise<number> {
  let at = from
  while (at + headerBytes <= file.size()) {
    const bytes = await file.read(at, scanBytes)
    const found = bytes.indexOf(marker)
    if (found !== -1 && (await recordAt(file, at + found)) !== null) return at + found
    // A marker may lie across two reads.
    at += found === -1 ? Math.max(1, bytes.length - marker.length + 1) : found + 1
  }
  return file.size()
}

/** How many sound records there are. What a dying process left of an append is cut off. */
async function countRecords(file: SpoolFile): Promise<number> {
  let records = 0
  let last: Stretch | null = null
  for (let found = await stretchAt(file, 0); found !== null; found = await stretchAt(file, found.end)) {
    if (found.record !== null) records += 1
    last = found
  }
  if (last?.record === null && (await isTorn(file, last))) await file.truncate(last.offset)
  return records
}

/** Whether the bytes at the end are the beginning of a record, and nothing but that. */
async function isTorn(file: SpoolFile, { offset, end }: Stretch): Promise<boolean> {
  const header = await file.read(offset, headerBytes)
  const length = lengthIn(header)
  if (length !== null) return offset + headerBytes + length > end
  return header.length < headerBytes && header.subarray(0, marker.length).equals(marker.subarray(0, header.length))
}
