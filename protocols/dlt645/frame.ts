import { err, invariant, ok, type Result } from '../../domain/result.js'
import { reverseBytes } from './bcd.js'

/** One DL/T 645 frame, the same in the 1997 and the 2007 edition. */
export interface Frame {
  /** 12 digits, high digit first; `AA` stands for a byte that is not compared, `AAAAAAAAAAAA` for any meter. */
  readonly address: string
  readonly controlCode: number
  /** The data field without its offset of 33H. */
  readonly data: Buffer
}

/** Why bytes are no frame. The first rule that is broken names the error. */
export type FrameError =
  | { readonly kind: 'frame_too_short' }
  | { readonly kind: 'start_missing' }
  | { readonly kind: 'address_invalid' }
  | { readonly kind: 'length_over_limit'; readonly length: number }
  | { readonly kind: 'length_mismatch'; readonly expected: number; readonly actual: number }
  | { readonly kind: 'end_missing' }
  | { readonly kind: 'checksum_mismatch'; readonly expected: number; readonly actual: number }

export const frameStart = 0x68
const frameEnd = 0x16
export const wakeUpByte = 0xfe
/** Start, address, start, control code, length. */
export const headerBytes = 10
/** Checksum and end. */
const trailerBytes = 2
/** Reads carry at most 200 data bytes; newer meters write as many. */
const maxDataBytes = 200

const dataOffset = 0x33
const addressPattern = /^(?:\d\d|AA){6}$/

/** Bytes of a frame, after `wakeUpBytes` bytes FEH (none unless asked for). */
export function encodeFrame(frame: Frame, options: { readonly wakeUpBytes?: number } = {}): Buffer {
  invariant(addressPattern.test(frame.address), `not a meter address: ${frame.address}`)
  invariant(frame.data.length <= maxDataBytes, 'a data field holds at most 200 bytes')
  const wakeUp = Buffer.alloc(options.wakeUpBytes ?? 0, wakeUpByte)
  const body = Buffer.concat([
    Buffer.from([frameStart]),
    reverseBytes(Buffer.from(frame.address, 'hex')),
    Buffer.from([frameStart, frame.controlCode, frame.data.length]),
    frame.data.map((byte) => byte + dataOffset),
  ])
  return Buffer.concat([wakeUp, body, Buffer.from([checksumOf(body), frameEnd])])
}

/** Reads exactly one frame, from 68H to 16H without wake-up bytes and with nothing behind it. */
export function decodeFrame(bytes: Uint8Array): Result<Frame, FrameError> {
  const buffer = Buffer.from(bytes)
  const error = headerError(buffer) ?? bodyError(buffer)
  if (error !== null) return err(error)
  return ok({
    address: addressOf(buffer),
    controlCode: buffer.readUInt8(8),
    data: Buffer.from(buffer.subarray(headerBytes, -trailerBytes).map((byte) => byte - dataOffset)),
  })
}

/** What is wrong with the first ten bytes; null for a header that may open a frame. */
export function headerError(buffer: Buffer): FrameError | null {
  if (buffer.length < headerBytes) return { kind: 'frame_too_short' }
  if (buffer[0] !== frameStart || buffer[7] !== frameStart) return { kind: 'start_missing' }
  if (!addressPattern.test(addressOf(buffer))) return { kind: 'address_invalid' }
  const length = buffer.readUInt8(9)
  return length > maxDataBytes ? { kind: 'length_over_limit', length } : null
}

/** Length in bytes of the frame that a sound header opens. */
export function frameLength(buffer: Buffer): number {
  return headerBytes + buffer.readUInt8(9) + trailerBytes
}

function bodyError(buffer: Buffer): FrameError | null {
  const expected = frameLength(buffer)
  if (buffer.length !== expected) return { kind: 'length_mismatch', expected, actual: buffer.length }
  if (buffer.at(-1) !== frameEnd) return { kind: 'end_missing' }
  const checksum = checksumOf(buffer.subarray(0, -trailerBytes))
  const carried = buffer.readUInt8(buffer.length - trailerBytes)
  return checksum === carried ? null : { kind: 'checksum_mismatch', expected: checksum, actual: carried }
}

function addressOf(buffer: Buffer): string {
  return reverseBytes(buffer.subarray(1, 7)).toString('hex').toUpperCase()
}

function checksumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)
}
