import { type FrameError, type Framing, framingOf } from '../framing.js'
import { crc16X25 } from './crc16.js'

export const frameStart = 0x68
export const frameEnd = 0x16
/** Start, length, control, address flag. */
export const fixedHeaderBytes = 5
/** Client address. */
const clientBytes = 1
export const crcBytes = 2
/** The length has 14 bits; the two above them are reserved in the edition of 2017. */
const maxLength = 0x3fff
const lengthBytes = 2

/** Frames of DL/T 698.45: 68 L L C flag server client HCS … FCS 16. */
export const dlt698Framing: Framing = framingOf({ headerError, frameLength, bodyError })

/** From the start to the client's address: what the header's check covers, start included. */
export function headerBytes(flag: number): number {
  return fixedHeaderBytes + addressBytes(flag) + clientBytes
}

/** The flag's low four bits hold the length of the server's address less one. */
export function addressBytes(flag: number): number {
  return (flag & 0x0f) + 1
}

// Each rule is judged as soon as its bytes are there, so that a longer prefix never takes an answer back.
function headerError(buffer: Buffer, at: number, end: number): FrameError | null {
  const actual = Math.max(0, end - at)
  if (actual > 0 && buffer[at] !== frameStart) return { kind: 'start_missing' }
  if (actual < fixedHeaderBytes) return { kind: 'frame_too_short', actual }
  const length = buffer.readUInt16LE(at + 1)
  const header = headerBytes(buffer.readUInt8(at + 4))
  if (length > maxLength || length < header - 1 + 2 * crcBytes) return { kind: 'length_out_of_range', length }
  if (actual < header + crcBytes) return { kind: 'frame_too_short', actual }
  const expected = crc16X25(buffer, at + 1, at + header)
  const carried = buffer.readUInt16LE(at + header)
  return expected === carried ? null : { kind: 'header_checksum_mismatch', expected, actual: carried }
}

function bodyError(buffer: Buffer, at: number): FrameError | null {
  const last = at + frameLength(buffer, at) - 1
  const end = buffer.readUInt8(last)
  if (end !== frameEnd) return { kind: 'end_missing', actual: end }
  const expected = crc16X25(buffer, at + 1, last - crcBytes)
  const actual = buffer.readUInt16LE(last - crcBytes)
  return actual === expected ? null : { kind: 'checksum_mismatch', expected, actual }
}

function frameLength(buffer: Buffer, at: number): number {
  return buffer.readUInt16LE(at + 1) + lengthBytes
}
