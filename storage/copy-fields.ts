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
  /** A text that is another one in nearly every row: not compared with the one before. */
  readonly ownText: (place: number) => string
  readonly bool: (place: number) => boolean
  /** A date as days since 1970-01-01. */
  readonly day: (place: number) => number
  /** An int8 that is below 2^53 in magnitude, or an invariant is broken. */
  readonly whole: (place: number) => number
  /** An int8 where it is at most `limit` in magnitude, else the next whole number beyond the limit. */
  readonly clamped: (place: number, limit: number) => number
}

export interface CopyReader {
  readonly push: (piece: Buffer) => void
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
 * rows are few or wide, `createCopyDecoder` is the handier one. Feed pieces in order, they may be overwritten afterwards; `end` throws when the
 * stream stopped short.
 */
export function createCopyReader(columns: number, take: (fields: CopiedFields) => void): CopyReader {
  const starts = new Int32Array(columns)
  const sizes = new Int32Array(columns)
  const texts = Array.from({ length: columns }, createTextMemory)
  /** The piece at hand, behind what the one before it left of a row. */
  let bytes: Buffer = Buffer.alloc(0)
  let room: Buffer = Buffer.alloc(0)
  let left = 0
  let view: DataView = new DataView(new ArrayBuffer(0))
  let headerSeen = false
  let done = false
  const startOf = (place: number) => starts[place] ?? 0
  /** Nearest double of an int8: exact below 2^53, and never on the other side of a smaller limit. */
  const nearest = (place: number) => view.getInt32(startOf(place)) * word + view.getUint32(startOf(place) + 4)
  const fields: CopiedFields = {
    isNull: (place) => (sizes[place] ?? -1) < 0,
    int2: (place) => view.getInt16(startOf(place)),
    int4: (place) => view.getInt32(startOf(place)),
    int8: (place) => view.getBigInt64(startOf(place)),
    instant: (place) => epochMs + Math.round(nearest(place) / 1000),
    text: (place) => texts[place]?.(bytes, startOf(place), sizes[place] ?? 0) ?? '',
    ownText: (place) => bytes.toString('utf8', startOf(place), startOf(place) + (sizes[place] ?? 0)),
    bool: (place) => view.getInt8(startOf(place)) !== 0,
    day: (place) => view.getInt32(startOf(place)) + epochMs / dayMs,
    whole(place) {
      const value = nearest(place)
      invariant(Number.isSafeInteger(value), 'a whole number of a column is below 2^53')
      return value
    },
    clamped: (place, limit) => Math.max(-limit - 1, Math.min(limit + 1, nearest(place))),
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
      take(fields)
      offset = next
    }
    return offset
  }
  /** Copied, because a piece is overwritten by the next one; always into the same memory, so that the collector has nothing to do. */
  const keepLeft = (from: number): void => {
    left = bytes.length - from
    if (room.length < left) room = Buffer.allocUnsafeSlow(2 * left)
    bytes.copy(room, 0, from)
  }
  const behindLeft = (piece: Buffer): Buffer => {
    if (left === 0) return piece
    const size = left + piece.length
    if (room.length < size) {
      const larger = Buffer.allocUnsafeSlow(2 * size)
      room.copy(larger, 0, 0, left)
      room = larger
    }
    piece.copy(room, left)
    return room.subarray(0, size)
  }
  return {
    push(piece) {
      bytes = behindLeft(piece)
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const isBegun = headerSeen || bytes.length >= headerBytes
      const start = headerSeen ? 0 : headerBytes
      headerSeen = isBegun
      const end = isBegun ? takeRows(start) : 0
      keepLeft(end)
    },
    end: () => invariant(done && left === 0, 'a binary COPY ends with its trailer'),
  }
}

/** Decodes a field's text; where it is the one of the row before, that one again: of a code, a state or a kind nearly always. */
function createTextMemory(): (bytes: Buffer, start: number, size: number) => string {
  let known = Buffer.alloc(0)
  let text = ''
  return (bytes, start, size) => {
    if (size === known.length && isAt(bytes, start, known)) return text
    known = Buffer.from(bytes.subarray(start, start + size))
    text = known.toString('utf8')
    return text
  }
}

function isAt(bytes: Buffer, start: number, wanted: Buffer): boolean {
  for (let at = 0; at < wanted.length; at++) if (bytes[start + at] !== wanted[at]) return false
  return true
}
