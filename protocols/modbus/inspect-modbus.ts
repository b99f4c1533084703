import { crc16 } from './crc16.js'
import { exceptionBit } from './exception.js'
import { type InspectedAdu, replyContent, requestContent } from './inspected-adu.js'
import { type Envelope, mismatchOf } from './match-exchange.js'
import type { PduError } from './pdu-error.js'
import { decodeReplyPdu, type ModbusReply } from './reply-pdu.js'
import { decodeRequestPdu, type ModbusRequest } from './request-pdu.js'
import {
  announcedRtuLength,
  crcBytes,
  type Direction,
  maxRtuBytes,
  measureRtu,
  minRtuBytes,
  rtuAduAt,
} from './rtu-adu.js'
import { mbapBytes, takeTcpAdu } from './tcp-adu.js'
import { hexOf } from '../hex.js'

export type ModbusTransport = 'tcp' | 'rtu'

/** The first rule that bytes break, and where. `expected` is null where no single value would be right. */
export interface ModbusInspectionError {
  readonly kind:
    | 'frame_too_short'
    | 'crc_mismatch'
    | 'protocol_not_modbus'
    | 'length_out_of_range'
    | 'payload_too_long'
    | PduError['kind']
  readonly offset: number
  readonly expected: number | null
  readonly actual: number
}

export interface ModbusInspection {
  readonly adus: readonly InspectedAdu[]
  readonly errors: readonly ModbusInspectionError[]
}

/** Longest input of one inspection. */
export const maxInspectedBytes = 65_536

/**
 * Names what is in one line of input that holds one or more messages, one after the other. The first message, and the one after
 * a reply, is taken as a request where it can be one; the one after a request as a reply. Never throws; the work grows with the
 * input's length only.
 */
export function inspectModbus(bytes: Buffer, transport: ModbusTransport): ModbusInspection {
  if (bytes.length === 0) return { adus: [], errors: [tooShort(0, 1, 0)] }
  if (bytes.length > maxInspectedBytes)
    return {
      adus: [],
      errors: [{ kind: 'payload_too_long', offset: 0, expected: maxInspectedBytes, actual: bytes.length }],
    }
  return transport === 'tcp' ? inspectTcp(bytes) : inspectRtu(bytes)
}

type Spoken =
  | { readonly direction: 'request'; readonly message: ModbusRequest }
  | { readonly direction: 'reply'; readonly message: ModbusReply }

function inspectTcp(bytes: Buffer): ModbusInspection {
  const adus: InspectedAdu[] = []
  const errors: ModbusInspectionError[] = []
  let open: Envelope<ModbusRequest> | null = null
  for (let offset = 0; offset < bytes.length; ) {
    const taken = takeTcpAdu(bytes.subarray(offset))
    if (!taken.ok) {
      const at = taken.error.kind === 'protocol_not_modbus' ? 2 : 4
      const expected = taken.error.kind === 'protocol_not_modbus' ? 0 : null
      errors.push({ ...taken.error, offset: offset + at, expected })
      break
    }
    if (taken.value === null) {
      errors.push(incompleteTcp(bytes, offset))
      break
    }
    const { adu, rest } = taken.value
    const hex = bytes.subarray(offset, bytes.length - rest.length)
    const spoken = understand(adu.pdu, open === null ? 'request' : 'reply')
    if ('kind' in spoken) errors.push(atOffset(spoken, offset + mbapBytes))
    else {
      adus.push(inspected(spoken, { transactionId: adu.transactionId, unit: adu.unitId }, open, offset, hex))
      open = openAfter(spoken, adu.transactionId, adu.unitId)
    }
    offset = bytes.length - rest.length
  }
  return { adus, errors }
}

function incompleteTcp(bytes: Buffer, offset: number): ModbusInspectionError {
  const actual = bytes.length - offset
  if (actual < mbapBytes - 1) return tooShort(offset, mbapBytes, actual)
  return { kind: 'length_mismatch', offset, expected: mbapBytes - 1 + bytes.readUInt16BE(offset + 4), actual }
}

function inspectRtu(bytes: Buffer): ModbusInspection {
  const adus: InspectedAdu[] = []
  const errors: ModbusInspectionError[] = []
  let open: Envelope<ModbusRequest> | null = null
  let inNoise = false
  for (let offset = 0; offset < bytes.length; ) {
    const preferred = open === null ? 'request' : 'reply'
    const found = rtuMessageAt(bytes, offset, preferred)
    if (found === null) {
      // One error per stretch of bytes that hold no message.
      if (!inNoise) errors.push(rtuErrorAt(bytes, offset, preferred))
      inNoise = true
      offset += 1
      continue
    }
    inNoise = false
    const { unitId, pdu } = rtuAduAt(bytes, offset, found)
    const spoken = understand(pdu, preferred)
    if ('kind' in spoken) errors.push(atOffset(spoken, offset + 1))
    else {
      const hex = bytes.subarray(offset, offset + found)
      adus.push(inspected(spoken, { transactionId: null, unit: unitId }, open, offset, hex))
      open = openAfter(spoken, null, unitId)
    }
    offset += found
  }
  return { adus, errors }
}

/** Length of the message whose CRC holds, the preferred direction first. */
function rtuMessageAt(bytes: Buffer, at: number, preferred: Direction): number | null {
  for (const direction of [preferred, other(preferred)]) {
    const length = measureRtu(bytes, at, bytes.length, direction)
    if (length > 0 && !('kind' in understand(rtuAduAt(bytes, at, length).pdu, direction))) return length
  }
  for (const direction of [preferred, other(preferred)]) {
    const length = measureRtu(bytes, at, bytes.length, direction)
    if (length > 0) return length
  }
  return null
}

function rtuErrorAt(bytes: Buffer, offset: number, preferred: Direction): ModbusInspectionError {
  const actual = bytes.length - offset
  if (actual < minRtuBytes) return tooShort(offset, minRtuBytes, actual)
  const lengths = [preferred, other(preferred)].map((one) => announcedRtuLength(bytes, offset, bytes.length, one))
  // The whole rest of the input is the likelier message than a part of it.
  const announced = lengths.find((length) => length === actual) ?? lengths.find((length) => typeof length === 'number')
  if (lengths.every((length) => length === null))
    return { kind: 'unknown_function', offset: offset + 1, expected: null, actual: bytes.readUInt8(offset + 1) }
  if (typeof announced !== 'number') return tooShort(offset, actual + 1, actual)
  if (announced > maxRtuBytes) return { kind: 'length_out_of_range', offset, expected: maxRtuBytes, actual: announced }
  if (announced > actual) return { kind: 'length_mismatch', offset, expected: announced, actual }
  const crcAt = offset + announced - crcBytes
  return {
    kind: 'crc_mismatch',
    offset: crcAt,
    expected: crc16(bytes, offset, crcAt),
    actual: bytes.readUInt16LE(crcAt),
  }
}

/** The PDU in the preferred direction, or else in the other; an error is that of the preferred one. */
function understand(pdu: Buffer, preferred: Direction): Spoken | PduError {
  const isException = pdu.length > 0 && pdu.readUInt8(0) >= exceptionBit
  const first = isException ? 'reply' : preferred
  const spoken = asDirection(pdu, first)
  if (!('kind' in spoken)) return spoken
  const second = asDirection(pdu, other(first))
  return 'kind' in second ? spoken : second
}

function asDirection(pdu: Buffer, direction: Direction): Spoken | PduError {
  if (direction === 'request') {
    const request = decodeRequestPdu(pdu)
    return request.ok ? { direction, message: request.value } : request.error
  }
  const reply = decodeReplyPdu(pdu)
  return reply.ok ? { direction, message: reply.value } : reply.error
}

function other(direction: Direction): Direction {
  return direction === 'request' ? 'reply' : 'request'
}

function openAfter(spoken: Spoken, transactionId: number | null, unit: number): Envelope<ModbusRequest> | null {
  return spoken.direction === 'request' ? { transactionId, unit, message: spoken.message } : null
}

function inspected(
  spoken: Spoken,
  envelope: { readonly transactionId: number | null; readonly unit: number },
  open: Envelope<ModbusRequest> | null,
  offset: number,
  bytes: Buffer,
): InspectedAdu {
  const mismatch =
    spoken.direction === 'reply' && open !== null ? mismatchOf(open, { ...envelope, message: spoken.message }) : null
  const hasRequest = spoken.direction === 'reply' && open !== null
  const content = spoken.direction === 'request' ? requestContent(spoken.message) : replyContent(spoken.message)
  const asked = hasRequest && mismatch === null && 'bits' in spoken.message ? open.message : null
  return {
    protocol: envelope.transactionId === null ? 'modbus-rtu' : 'modbus-tcp',
    ...envelope,
    direction: spoken.direction,
    ...content,
    count: asked !== null && 'count' in asked ? asked.count : content.count,
    matches: hasRequest ? mismatch === null : null,
    mismatch,
    offset,
    hex: hexOf(bytes),
  }
}

function atOffset(error: PduError, pduAt: number): ModbusInspectionError {
  return {
    kind: error.kind,
    offset: pduAt + error.at,
    expected: 'expected' in error ? error.expected : null,
    actual: error.actual,
  }
}

function tooShort(offset: number, expected: number, actual: number): ModbusInspectionError {
  return { kind: 'frame_too_short', offset, expected, actual }
}
