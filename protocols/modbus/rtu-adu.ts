import { invariant } from '../../domain/result.js'
import { damagedFrame, needsMore, notAFrame } from '../framing.js'
import { crc16 } from './crc16.js'
import { maxPduBytes } from './pdu-limits.js'
import { replyPduLength } from './reply-pdu.js'
import { requestPduLength } from './request-pdu.js'

/** One message on a serial line: unit, function with its bytes, CRC. */
export interface RtuAdu {
  readonly unitId: number
  /** Function code and what follows it. */
  readonly pdu: Buffer
}

/** Who speaks: the same function has another layout in a request than in a reply. */
export type Direction = 'request' | 'reply'

const unitBytes = 1
export const crcBytes = 2
export const maxRtuBytes = unitBytes + maxPduBytes + crcBytes
export const minRtuBytes = unitBytes + 1 + crcBytes

export function encodeRtuAdu({ unitId, pdu }: RtuAdu): Buffer {
  invariant(pdu.length > 0 && pdu.length <= maxPduBytes, 'a Modbus PDU has 1 to 253 bytes')
  const adu = Buffer.concat([Buffer.from([unitId]), pdu, Buffer.alloc(crcBytes)])
  adu.writeUInt16LE(crc16(adu, 0, adu.length - crcBytes), adu.length - crcBytes)
  return adu
}

/** The message that `bytes[at, at + length)` is known to hold. */
export function rtuAduAt(bytes: Buffer, at: number, length: number): RtuAdu {
  return { unitId: bytes.readUInt8(at), pdu: Buffer.from(bytes.subarray(at + unitBytes, at + length - crcBytes)) }
}

/**
 * Judges `bytes[at, end)` by the length that the function announces, then by the CRC.
 * @returns the length of the message that begins at `at`, or one of `needsMore`, `notAFrame`, `damagedFrame` (wrong CRC).
 * The answer for a prefix is final or `needsMore`, so that a stream gives the same messages however it is cut.
 */
export function measureRtu(bytes: Buffer, at: number, end: number, direction: Direction): number {
  const pduLength = announcedPdu(bytes, at, end, direction)
  if (pduLength === undefined) return needsMore
  if (pduLength === null || pduLength > maxPduBytes) return notAFrame
  const length = unitBytes + pduLength + crcBytes
  if (at + length > end) return needsMore
  return holdsCrc(bytes, at, length) ? length : damagedFrame
}

/** Length of the message at `at`, CRC included, as its function announces it; null or undefined where it announces none. */
export function announcedRtuLength(
  bytes: Buffer,
  at: number,
  end: number,
  direction: Direction,
): number | null | undefined {
  const pduLength = announcedPdu(bytes, at, end, direction)
  return typeof pduLength === 'number' ? unitBytes + pduLength + crcBytes : pduLength
}

function announcedPdu(bytes: Buffer, at: number, end: number, direction: Direction): number | null | undefined {
  const pduAt = at + unitBytes
  return direction === 'request' ? requestPduLength(bytes, pduAt, end) : replyPduLength(bytes, pduAt, end)
}

/** Whether `bytes[at, at + length)` ends with its own CRC. */
export function holdsCrc(bytes: Buffer, at: number, length: number): boolean {
  const crcAt = at + length - crcBytes
  return bytes.readUInt16LE(crcAt) === crc16(bytes, at, crcAt)
}
