import { invariant } from '../domain/result.js'
import type { Instant } from '../domain/time.js'
import type { CopyDecoder } from './copy-binary.js'

/** PostgreSQL counts microseconds from 2000-01-01 UTC. */
const epochMs = Date.UTC(2000, 0, 1)
const signatureBytes = 11
const headerBytes = signatureBytes + 8
const word = 2 ** 32

/** The row that was read last, as two halves of each field: no bigint is made for a value that only moves from column to column. */
export interface WordRow {
  readonly low: Int32Array
  readonly high: Int32Array
  /** 1 where the field is null. */
  readonly isNull: Uint8Array
}

/**
 * Decodes a `copy … to stdout (format binary)` whose fields are all int8 or timestamptz; chunks end anywhere. `take` finds the row in the
 * object that is returned beside the decoder, and it is overwritten by the next one.
 */
export function createWordDecoder(fields: number, take: (row: WordRow) => void): CopyDecoder {
  const row = { low: new Int32Array(fields), high: new Int32Array(fields), isNull: new Uint8Array(fields) }
  let rest: Buffer = Buffer.alloc(0)
  let headerSeen = false
  let done = false
  const takeRows = (view: DataView, start: number): number => {
    let offset = start
    while (!done) {
      const next = readRow(view, offset, row)
      if (next < 0) break
      done = next === offset + 2
      if (!done) take(row)
      offset = next
    }
    return offset
  }
  return {
    push(chunk) {
      const buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
      const offset = headerSeen ? 0 : skipHeader(buffer)
      headerSeen ||= offset > 0
      rest = buffer.subarray(headerSeen ? takeRows(view, offset) : 0)
    },
    end: () => invariant(done && rest.length === 0, 'a binary COPY ends with its trailer'),
  }
}

/** Offset behind the header; 0 while it is not complete. */
function skipHeader(buffer: Buffer): number {
  if (buffer.length < headerBytes) return 0
  invariant(buffer.toString('latin1', 0, 6) === 'PGCOPY', 'a binary COPY begins with its signature')
  return headerBytes + buffer.readInt32BE(headerBytes - 4)
}

/** Offset behind the row, two behind `offset` for the trailer, or −1 while it is not complete. */
function readRow(view: DataView, offset: number, { low, high, isNull }: WordRow): number {
  const { byteLength } = view
  if (offset + 2 > byteLength) return -1
  const count = view.getInt16(offset)
  if (count === -1) return offset + 2
  invariant(count === low.length, `a row has ${low.length} fields, not ${count}`)
  let at = offset + 2
  for (let field = 0; field < count; field++) {
    if (at + 4 > byteLength) return -1
    const size = view.getInt32(at)
    at += 4
    isNull[field] = size < 0 ? 1 : 0
    if (size < 0) continue
    if (at + 8 > byteLength) return -1
    high[field] = view.getInt32(at)
    low[field] = view.getInt32(at + 4)
    at += 8
  }
  return at
}

/** A field as a whole number below 2^53. */
export function wholeOf({ low, high }: WordRow, field: number): number {
  return (high[field] ?? 0) * word + ((low[field] ?? 0) >>> 0)
}

export function instantOf(row: WordRow, field: number): Instant {
  return epochMs + wholeOf(row, field) / 1000
}

export function bigintOf({ low, high }: WordRow, field: number): bigint {
  return (BigInt(high[field] ?? 0) << 32n) | BigInt((low[field] ?? 0) >>> 0)
}
