import { err, invariant, ok, type Result } from '../../domain/result.js'
import { damagedFrame, type FrameError, type Framing, needsMore, notAFrame } from '../framing.js'
import { frameStart, wakeUpByte } from '../stream-splitter.js'
import { reversedHex, writeReversedHex } from './bcd.js'

/** One DL/T 645 frame, the same in the 1997 and the 2007 edition. */
export interface Frame {
  /** 12 hexadecimal digits, high digit first; `AA` stands for a byte that is not compared. Rules: `address.ts`. */
  readonly address: string
  readonly controlCode: number
  /** The data field without its offset of 33H. */
  readonly data: Buffer
}

const frameEnd = 0x16
/** Start, address, start, control code, length. */
export const headerBytes = 10
/** Checksum and end. */
const trailerBytes = 2
/** What the length byte can say. Reads carry at most 200 bytes, but a meter that sends more is heard. */
const maxDataBytes = 255
export const maxFrameBytes = headerBytes + maxDataBytes + trailerBytes

const secondStartOffset = 7
const controlCodeOffset = 8
const lengthOffset = 9
const dataOffset = 0x33
const addressPattern = /^[0-9A-F]{12}$/

/** Bytes of a frame, after `wakeUpBytes` bytes FEH (none unless asked for). */
export function encodeFrame(frame: Frame, options: { readonly wakeUpBytes?: number } = {}): Buffer {
  const { address, controlCode, data } = frame
  invariant(addressPattern.test(address), `not a meter address: ${address}`)
  invariant(data.length <= maxDataBytes, 'a data field holds at most 255 bytes')
  const start = options.wakeUpBytes ?? 0
  const bytes = Buffer.alloc(start + headerBytes + data.length + trailerBytes, wakeUpByte)
  bytes[start] = frameStart
  writeReversedHex(address, bytes, start + 1)
  bytes[start + secondStartOffset] = frameStart
  bytes[start + controlCodeOffset] = controlCode
  bytes[start + lengthOffset] = data.length
  const dataStart = start + headerBytes
  for (let at = 0; at < data.length; at += 1) bytes[dataStart + at] = (data[at] ?? 0) + dataOffset
  const checksumAt = dataStart + data.length
  bytes[checksumAt] = checksumOf(bytes, start, checksumAt)
  bytes[checksumAt + 1] = frameEnd
  return bytes
}

/** Reads exactly one frame, from 68H to 16H without wake-up bytes and with nothing behind it. */
export function decodeFrame(bytes: Buffer): Result<Frame, FrameError> {
  const error = explain(bytes, 0, bytes.length)
  if (error !== null) return err(error)
  const expected = headerBytes + trailerBytes + (bytes[lengthOffset] ?? 0)
  if (bytes.length !== expected) return err({ kind: 'length_mismatch', expected, actual: bytes.length })
  return ok(openFrame(bytes))
}

/** Content of bytes that `dlt645Framing` has measured. */
export function openFrame(bytes: Buffer): Frame {
  const dataEnd = bytes.length - trailerBytes
  const data = Buffer.allocUnsafe(dataEnd - headerBytes)
  for (let at = headerBytes; at < dataEnd; at += 1) data[at - headerBytes] = (bytes[at] ?? 0) - dataOffset
  return { address: addressOf(bytes), controlCode: bytes[controlCodeOffset] ?? 0, data }
}

export const dlt645Framing: Framing = { measure, hasHeader, explain }

function measure(buffer: Buffer, at: number, end: number): number {
  const available = end - at
  if (available > secondStartOffset && buffer[at + secondStartOffset] !== frameStart) return notAFrame
  if (available < headerBytes) return needsMore
  const length = headerBytes + (buffer[at + lengthOffset] ?? 0) + trailerBytes
  if (available < length) return needsMore
  const checksumAt = at + length - trailerBytes
  if (buffer[checksumAt + 1] !== frameEnd) return damagedFrame
  return buffer[checksumAt] === checksumOf(buffer, at, checksumAt) ? length : damagedFrame
}

function hasHeader(buffer: Buffer, at: number, end: number): boolean {
  return end - at >= headerBytes && buffer[at] === frameStart && buffer[at + secondStartOffset] === frameStart
}

function explain(buffer: Buffer, at: number, end: number): FrameError | null {
  const actual = end - at
  if (actual <= 0) return { kind: 'frame_too_short', actual: 0 }
  if (buffer[at] !== frameStart) return { kind: 'start_missing' }
  if (actual > secondStartOffset && buffer[at + secondStartOffset] !== frameStart) return { kind: 'start_missing' }
  if (actual < headerBytes) return { kind: 'frame_too_short', actual }
  const expected = headerBytes + (buffer[at + lengthOffset] ?? 0) + trailerBytes
  if (actual < expected) return { kind: 'length_mismatch', expected, actual }
  const checksumAt = at + expected - trailerBytes
  const checksum = checksumOf(buffer, at, checksumAt)
  const carried = buffer[checksumAt] ?? 0
  const last = buffer[checksumAt + 1] ?? 0
  if (last !== frameEnd) return { kind: 'end_missing', actual: last }
  return checksum === carried ? null : { kind: 'checksum_mismatch', expected: checksum, actual: carried }
}

/**
 * Whether a sound frame would also be sound with one bit of its length byte less: then nobody can tell a shorter frame with noise
 * behind it and a flipped bit from a longer one. Never so for data that are BCD, since 16H is no digit with 33H added.
 */
export function mayBeShorter(bytes: Buffer): boolean {
  const length = bytes[lengthOffset] ?? 0
  for (let bit = 1; bit < 256; bit <<= 1) {
    if ((length & bit) === 0) continue
    const checksumAt = headerBytes + length - bit
    if (bytes[checksumAt + 1] !== frameEnd) continue
    if (bytes[checksumAt] === ((checksumOf(bytes, 0, checksumAt) - bit) & 0xff)) return true
  }
  return false
}

function addressOf(buffer: Buffer): string {
  return reversedHex(buffer, 1, secondStartOffset - 1)
}

function checksumOf(buffer: Buffer, from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to; at += 1) sum += buffer[at] ?? 0
  return sum & 0xff
}
