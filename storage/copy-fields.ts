import { invariant } from '../domain/result.js'
import { dayMs, type Instant } from '../domain/time.js'

/** The fields of the row at hand, by place from 0. It is one object for all rows: take what is needed before the next one comes. */
export interface CopiedFields {
  readonly isNull: (place: number) => boolean
  readonly int2: (place: number) => number
  readonly int4: (place: number) => number
  readonly int8: (place: number) => bigint
  readonly instant: (place: number) => Instant
  readonly text: (place: number) => string
  readonly bool: (place: number) => boolean
  /** A date as days since 1970-01-01. */
  readonly day: (place: number) => number
  /** An int8 that is below 2^53 in magnitude, or an invariant is broken. */
  readonly whole: (place: number) => number
  /** An int8 where it is at most `limit` in magnitude, else the next whole number beyond the limit. */
  readonly clamped: (place: number, limit: number) => number
  /** All bytes of the row. */
  readonly row: () => Buffer
}

export interface CopyReader {
  readonly push: (chunk: Buffer) => void
  readonly end: () => void
}

const epochMs = Date.UTC(2000, 0, 1)
const signatureBytes = 11
const headerBytes = signatureBytes + 8
const trailerBytes = 2
const word = 2 ** 32

/** The rows alone of a complete `copy … to stdout (format binary)`: without header and trailer. */
export function copyRows(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(headerBytes, -trailerBytes)
}

/**
 * Reads a `copy … to stdout (format binary)` of many rows without making anything of a row: `take` asks for the fields it wants. Where
 * rows are few or wide, `createCopyDecoder` is the handier one. Feed chunks in order; `end` throws when the stream stopped short.
 */
export function createCopyReader(columns: number, take: (fields: CopiedFields) => void): CopyReader {
  const starts = new Int32Array(columns)
  const sizes = new Int32Array(columns)
  let rest: Buffer = Buffer.alloc(0)
  let view: DataView = new DataView(new ArrayBuffer(0))
  let headerSeen = false
  let done = false
  let rowStart = 0
  let rowEnd = 0
  const startOf = (place: number) => starts[place] ?? 0
  /** Nearest double of an int8: exact below 2^53, and never on the other side of a smaller limit. */
  const nearest = (place: number) => view.getInt32(startOf(place)) * word + view.getUint32(startOf(place) + 4)
  const fields: CopiedFields = {
    isNull: (place) => (sizes[place] ?? -1) < 0,
    int2: (place) => view.getInt16(startOf(place)),
    int4: (place) => view.getInt32(startOf(place)),
    int8: (place) => view.getBigInt64(startOf(place)),
    instant: (place) => epochMs + Math.round(nearest(place) / 1000),
    text: (place) => rest.toString('utf8', startOf(place), startOf(place) + (sizes[place] ?? 0)),
    bool: (place) => view.getInt8(startOf(place)) !== 0,
    day: (place) => view.getInt32(startOf(place)) + epochMs / dayMs,
    whole(place) {
      const value = nearest(place)
      invariant(Number.isSafeInteger(value), 'a whole number of a column is below 2^53')
      return value
    },
    clamped: (place, limit) => Math.max(-limit - 1, Math.min(limit + 1, nearest(place))),
    row: () => rest.subarray(rowStart, rowEnd),
  }
  /** Finds the fields of the row at `offset`. @returns the offset behind it, -1 while it is not complete */
  const findFields = (offset: number): number => {
    let at = offset + 2
    for (let place = 0; place < columns; place++) {
      if (at + 4 > view.byteLength) return -1
      const size = view.getInt32(at)
      at += 4
      starts[place] = at
      sizes[place] = size
      if (size > 0) at += size
    }
    return at > view.byteLength ? -1 : at
  }
  const takeRows = (start: number): number => {
    let offset = start
    while (!done && offset + 2 <= view.byteLength) {
      const count = view.getInt16(offset)
      if (count === -1) {
        done = true
        return offset + 2
      }
      invariant(count === columns, `a row has ${columns} columns, not ${count}`)
      const next = findFields(offset)
      if (next < 0) return offset
      rowStart = offset
      rowEnd = next
      take(fields)
      offset = next
    }
    return offset
  }
  return {
    push(chunk) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      view = new DataView(rest.buffer, rest.byteOffset, rest.length)
      if (!headerSeen && rest.length < headerBytes) return
      const start = headerSeen ? 0 : headerBytes
      headerSeen = true
      rest = rest.subarray(takeRows(start))
    },
    end: () => invariant(done && rest.length === 0, 'a binary COPY ends with its trailer'),
  }
}
