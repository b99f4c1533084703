import { createHash } from 'node:crypto'
import type { SpoolFile } from './spool-file.js'

/** Records in the order in which they came, on disk until they are taken on. */
export interface Spool {
  /** `full` keeps nothing: the caller stops bringing more. */
  readonly append: (record: Buffer) => Promise<'kept' | 'full'>
  /**
   * Hands on one record after the other, the oldest first, and empties the file after the last. A failure of `take` stops it there and
   * is thrown; the next drain goes on with that record, and after a restart with the first, so `take` must bear repetition.
   * @returns how many were handed on.
   */
  readonly drain: (take: (record: Buffer) => Promise<void>) => Promise<number>
  /** Bytes on disk. */
  readonly size: () => number
  /** Records that wait. */
  readonly records: () => number
  readonly isEmpty: () => boolean
}

/** Length of the record (uint32) and the first bytes of its SHA-256 stand before it. */
const lengthBytes = 4
const digestBytes = 8
const headerBytes = lengthBytes + digestBytes

/**
 * Opens a spool that never grows beyond `maxBytes`. Where the process died in the middle of an append, the torn record at the end is
 * cut off: nobody was told that it is kept.
 */
export async function openSpool(file: SpoolFile, maxBytes: number): Promise<Spool> {
  let drained = 0
  let torn = false
  let records = await cutTornEnd(file)

  return {
    async append(record) {
      if (torn) await cutTornEnd(file)
      if (file.size() + headerBytes + record.length > maxBytes) return 'full'
      torn = true
      await file.append(Buffer.concat([headerOf(record), record]))
      torn = false
      records += 1
      return 'kept'
    },
    async drain(take) {
      let count = 0
      for (let record = await recordAt(file, drained); record !== null; record = await recordAt(file, drained)) {
        await take(record)
        drained += headerBytes + record.length
        records -= 1
        count++
      }
      await file.truncate(0)
      drained = 0
      records = 0
      return count
    },
    size: file.size,
    records: () => records,
    isEmpty: () => file.size() === 0,
  }
}

function headerOf(record: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(record.length)
  return Buffer.concat([length, digestOf(record)])
}

function digestOf(record: Buffer): Buffer {
  return createHash('sha256').update(record).digest().subarray(0, digestBytes)
}

/** Null at the end, and where what follows is no whole record. */
async function recordAt(file: SpoolFile, offset: number): Promise<Buffer | null> {
  const header = await file.read(offset, headerBytes)
  if (header.length < headerBytes) return null
  const length = header.readUInt32BE(0)
  if (offset + headerBytes + length > file.size()) return null
  const record = await file.read(offset + headerBytes, length)
  return record.length === length && digestOf(record).equals(header.subarray(lengthBytes)) ? record : null
}

/** @returns how many whole records there are. */
async function cutTornEnd(file: SpoolFile): Promise<number> {
  let end = 0
  let records = 0
  for (let record = await recordAt(file, end); record !== null; record = await recordAt(file, end)) {
    end += headerBytes + record.length
    records += 1
  }
  if (end < file.size()) await file.truncate(end)
  return records
}
