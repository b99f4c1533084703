import { bytes, child, type Cursor, isAbsent, text } from './cursor.js'
import { Fault, requireSame } from './fault.js'
import type { Rational } from './rational.js'
import type { Registers } from './registers.js'
import type { Counted } from './counted.js'

const wakeUp = 0xfe
const start = 0x68
const end = 0x16
const overhead = 12

/** How an edition of the protocol asks and answers. */
export interface Edition {
  readonly readRequest: number
  readonly readReply: number
  readonly identifierBytes: number
}

export const edition2007: Edition = { readRequest: 0x11, readReply: 0x91, identifierBytes: 4 }
export const edition1997: Edition = { readRequest: 0x01, readReply: 0x81, identifierBytes: 2 }

const registerBytes = 4
export const beijingOffsetMs = 8 * 3_600_000

export interface DecodedFrame {
  readonly address: string
  readonly controlCode: number
  /** DI3 first. */
  readonly identifier: string
  readonly payload: Buffer
}

/** What the frames of one reading say: the stamp of a daily freeze and the registers filed under it. */
export interface FreezeEvidence {
  readonly stampMs: number
  readonly registers: Registers
}

/** Decodes the stamp's reply and the values' reply behind it, from the meter `address`, and compares them with their requests. */
export function decodeFreeze(frame: Cursor, address: string, counted: Counted): FreezeEvidence {
  const response = child(frame, 'response')
  const replies = decodeFrames(response)
  const [stamp, values] = replies
  if (stamp === undefined || values === undefined)
    throw new Fault(response.path, 'a reply with the stamp and one with the values', 'other frames')
  const index = stamp.identifier.slice(6)
  requireAnswers(frame, address, replies, [`050600${index}`, `0506${counted.byte ?? '??'}${index}`])
  const registers = registersOf(values.payload, response.path, counted)
  return { stampMs: stampOf(stamp.payload, response.path), registers }
}

/**
 * Decodes the one reply of a meter of the 1997 edition. Such a meter may be called with AAH for high digits that its number does not
 * have, and may answer with either.
 */
export function decodeLiveRead(frame: Cursor, address: string, counted: Counted): Registers {
  const { live } = counted
  const request = onlyFrame(child(frame, 'request'))
  const reply = onlyFrame(child(frame, 'response'))
  const { path } = child(frame, 'response')
  requireSame(`${path}.request`, String(edition1997.readRequest), String(request.controlCode))
  requireSame(`${path}.controlCode`, String(edition1997.readReply), String(reply.controlCode))
  requireSame(`${path}.values`, request.identifier, reply.identifier)
  if (!live.includes(reply.identifier)) throw new Fault(`${path}.values`, live.join(' or '), reply.identifier)
  for (const each of [request, reply]) requireSame(`${path}.address`, address, withZeros(each.address))
  return registersOf(reply.payload, path, counted)
}

/** A meter of 1997 may be called, and may answer, with AAH for high digits that its number does not have. */
function withZeros(address: string): string {
  return address.replace(/^(?:aa)+/i, (padding) => '0'.repeat(padding.length))
}

function onlyFrame(cursor: Cursor): DecodedFrame {
  const [frame, ...more] = decodeFrames(cursor, edition1997)
  if (frame === undefined || more.length > 0) throw new Fault(cursor.path, 'one frame', text(cursor))
  return frame
}

/** Replies of the meter `address` with these items, one after the other, to the requests of the frame. */
export function requireAnswers(
  frame: Cursor,
  address: string,
  replies: readonly DecodedFrame[],
  items: readonly string[],
  edition: Edition = edition2007,
): void {
  const { path } = child(frame, 'response')
  const addressOf = (reply: DecodedFrame) => (edition === edition1997 ? withZeros(reply.address) : reply.address)
  for (const reply of replies) {
    requireSame(`${path}.address`, address, addressOf(reply))
    requireSame(`${path}.controlCode`, String(edition.readReply), String(reply.controlCode))
  }
  requireSame(`${path}.values`, items.join(' '), replies.map(({ identifier }) => identifier).join(' '))
  const request = child(frame, 'request')
  if (isAbsent(request)) return
  // A concentrator asks its meters itself, so that a reading it uploaded has no request of ours.
  const asked = decodeFrames(request, edition)
  requireSame(request.path, items.join(' '), asked.map(({ identifier }) => identifier).join(' '))
  for (const one of asked) {
    requireSame(`${request.path}.address`, address, addressOf(one))
    requireSame(`${request.path}.controlCode`, String(edition.readRequest), String(one.controlCode))
  }
}

export function decodeFrames(cursor: Cursor, { identifierBytes }: Edition = edition2007): readonly DecodedFrame[] {
  const all = bytes(cursor)
  const frames: DecodedFrame[] = []
  let at = 0
  while (at < all.length) {
    if (all[at] === wakeUp) at++
    else {
      const frame = all.subarray(at, at + overhead + (all[at + 9] ?? 0))
      frames.push(decodeFrame(frame, `${cursor.path}.frame[${frames.length}]`, identifierBytes))
      at += frame.length
    }
  }
  if (frames.length === 0) throw new Fault(cursor.path, 'frames', text(cursor))
  return frames
}

function decodeFrame(frame: Buffer, node: string, identifierBytes: number): DecodedFrame {
  const length = frame[9] ?? 0
  if (frame.length !== overhead + length || length < identifierBytes)
    throw new Fault(node, 'a whole frame', frame.toString('hex'))
  if (frame[0] !== start || frame[7] !== start || frame.at(-1) !== end)
    throw new Fault(node, 'start and end bytes', frame.toString('hex'))
  const checksum = frame.subarray(0, -2).reduce((total, byte) => (total + byte) % 256, 0)
  requireSame(`${node}.checksum`, String(checksum), String(frame.at(-2)))
  const data = Buffer.from(frame.subarray(10, -2).map((byte) => byte - 0x33))
  return {
    address: reversedHex(frame.subarray(1, 7)),
    controlCode: frame[8] ?? 0,
    identifier: reversedHex(data.subarray(0, identifierBytes)).toUpperCase(),
    payload: data.subarray(identifierBytes),
  }
}

/** mm hh DD MM YY in Beijing time. */
function stampOf(payload: Buffer, node: string): number {
  const digits = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(reversedHex(payload))
  if (digits === null) throw new Fault(`${node}.stamp`, 'ten digits', payload.toString('hex'))
  const [, year, month, day, hour, minute] = digits
  const utc = Date.parse(`20${year}-${month}-${day}T${hour}:${minute}:00Z`)
  if (Number.isNaN(utc)) throw new Fault(`${node}.stamp`, 'a minute that exists', digits[0])
  return utc - beijingOffsetMs
}

/** XXXXXX.XX kWh each, low byte first; a register of FFH is absent. */
export function registersOf(
  payload: Buffer,
  node: string,
  { signed = false }: { readonly signed?: boolean },
): Registers {
  if (payload.length === 0 || payload.length % registerBytes !== 0 || payload.length > 5 * registerBytes)
    throw new Fault(`${node}.values`, 'one to five registers', `${payload.length} bytes`)
  return Array.from({ length: 5 }, (_, index) => {
    const digits = reversedHex(payload.subarray(registerBytes * index, registerBytes * (index + 1)))
    return digits === '' || digits === 'ffffffff' ? null : hundredths(digits, node, signed)
  })
}

const highestBit = 8

/** Where there is a sign, it is the highest bit. */
function hundredths(digits: string, node: string, signed: boolean): Rational {
  const first = Number.parseInt(digits.slice(0, 1), 16)
  const isNegative = signed && first >= highestBit
  const magnitude = isNegative ? `${first - highestBit}${digits.slice(1)}` : digits
  if (!/^\d{8}$/.test(magnitude)) throw new Fault(`${node}.values`, 'decimal digits', digits)
  const value = BigInt(magnitude)
  return { numerator: isNegative ? -value : value, denominator: 100n }
}

export function reversedHex(field: Uint8Array): string {
  return Buffer.from(field.toReversed()).toString('hex')
}
