import { err, invariant, ok, type Result } from '../../domain/result.js'

/** One Modbus TCP message: MBAP header and the function's own bytes. */
export interface TcpAdu {
  readonly transactionId: number
  readonly unitId: number
  /** Function code and what follows it. */
  readonly pdu: Buffer
}

export type AduError = { readonly kind: 'protocol_not_modbus' } | { readonly kind: 'length_out_of_range' }

/** Functions 03 (holding registers) and 04 (input registers), the two that read meters. */
export type ReadFunction = 3 | 4

export interface ReadRegistersRequest {
  readonly function: ReadFunction
  /** Register address as it goes over the wire, from 0. */
  readonly start: number
  readonly count: number
}

const exceptionCodes = {
  illegal_function: 1,
  illegal_data_address: 2,
  illegal_data_value: 3,
  server_device_failure: 4,
  gateway_target_silent: 11,
} as const

export type ExceptionName = keyof typeof exceptionCodes

const headerBytes = 7
const maxPduBytes = 253
/** A reply holds at most 250 bytes of registers. */
export const maxRegistersPerRead = 125
const exceptionBit = 0x80

export function encodeTcpAdu({ transactionId, unitId, pdu }: TcpAdu): Buffer {
  invariant(pdu.length > 0 && pdu.length <= maxPduBytes, 'a Modbus PDU has 1 to 253 bytes')
  const header = Buffer.alloc(headerBytes)
  header.writeUInt16BE(transactionId, 0)
  header.writeUInt16BE(pdu.length + 1, 4)
  header.writeUInt8(unitId, 6)
  return Buffer.concat([header, pdu])
}

/** The first message of a byte stream and the bytes behind it; `value` is null while it is not whole. */
export function takeTcpAdu(stream: Buffer): Result<{ readonly adu: TcpAdu; readonly rest: Buffer } | null, AduError> {
  if (stream.length < headerBytes) return ok(null)
  if (stream.readUInt16BE(2) !== 0) return err({ kind: 'protocol_not_modbus' })
  const length = stream.readUInt16BE(4)
  if (length < 2 || length > maxPduBytes + 1) return err({ kind: 'length_out_of_range' })
  const end = headerBytes - 1 + length
  if (stream.length < end) return ok(null)
  const pdu = stream.subarray(headerBytes, end)
  return ok({
    adu: { transactionId: stream.readUInt16BE(0), unitId: stream.readUInt8(6), pdu },
    rest: stream.subarray(end),
  })
}

/** The server's side: the read that a PDU asks for, or the exception it deserves. */
export function parseReadRequest(pdu: Buffer): Result<ReadRegistersRequest, { readonly kind: ExceptionName }> {
  const code = pdu.readUInt8(0)
  if (code !== 3 && code !== 4) return err({ kind: 'illegal_function' })
  if (pdu.length !== 5) return err({ kind: 'illegal_data_value' })
  const count = pdu.readUInt16BE(3)
  if (count < 1 || count > maxRegistersPerRead) return err({ kind: 'illegal_data_value' })
  return ok({ function: code, start: pdu.readUInt16BE(1), count })
}

/** The server's side: registers, two bytes each, high byte first. */
export function encodeReadReply(readFunction: ReadFunction, registers: Buffer): Buffer {
  return Buffer.concat([Buffer.from([readFunction, registers.length]), registers])
}

/** The server's side: an exception to the function that was asked. */
export function encodeException(functionCode: number, exception: ExceptionName): Buffer {
  return Buffer.from([functionCode | exceptionBit, exceptionCodes[exception]])
}
