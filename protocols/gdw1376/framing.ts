import { type FrameError, type Framing, framingOf } from '../framing.js'

const frameStart = 0x68
const frameEnd = 0x16
const secondStartOffset = 5
/** Start, length twice, start. */
export const headerBytes = 6
/** Checksum and end. */
export const trailerBytes = 2
/** Control, address, AFN, SEQ: what every frame carries. */
export const minUserDataBytes = 8
/** The length has 14 bits. */
export const maxUserDataBytes = 0x3fff

/** Frames of Q/GDW 130-2005 (protocol mark 1) and Q/GDW 376.1, 1376.1 (mark 2): 68 L L L L 68 … CS 16. */
export const gdw1376Framing: Framing = framingOf({ headerError, frameLength, bodyError })

/** Sum modulo 256 of `bytes[from, to)`: everything from the control byte to the checksum. */
export function checksumOf(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let sum = 0
  for (let at = from; at < to; at += 1) sum += bytes[at] ?? 0
  return sum & 0xff
}

function headerError(buffer: Buffer, at: number, end: number): FrameError | null {
  const actual = Math.max(0, end - at)
  if (actual > 0 && buffer[at] !== frameStart) return { kind: 'start_missing' }
  if (actual < headerBytes) return { kind: 'frame_too_short', actual }
  if (buffer[at + secondStartOffset] !== frameStart) return { kind: 'start_missing' }
  const first = buffer.readUInt16LE(at + 1)
  const second = buffer.readUInt16LE(at + 3)
  if (first !== second) return { kind: 'length_mismatch', expected: first, actual: second }
  const mark = first & 0b11
  const length = first >> 2
  const known = mark === 1 || mark === 2
  return known && length >= minUserDataBytes ? null : { kind: 'length_out_of_range', length }
}

function bodyError(buffer: Buffer, at: number): FrameError | null {
  const last = at + frameLength(buffer, at) - 1
  const end = buffer.readUInt8(last)
  if (end !== frameEnd) return { kind: 'end_missing', actual: end }
  const expected = checksumOf(buffer, at + headerBytes, last - 1)
  const actual = buffer.readUInt8(last - 1)
  return actual === expected ? null : { kind: 'checksum_mismatch', expected, actual }
}

function frameLength(buffer: Buffer, at: number): number {
  return headerBytes + (buffer.readUInt16LE(at + 1) >> 2) + trailerBytes
}
