import { err, invariant, ok, type Result, unreachable } from '../../domain/result.js'
import type { PduError } from './pdu-error.js'
import {
  addressSpace,
  isModbusFunction,
  maxBitsPerRead,
  maxBitsPerWrite,
  maxPduBytes,
  maxRegistersPerRead,
  maxRegistersPerReadWrite,
  maxRegistersPerWrite,
  type ModbusFunction,
} from './pdu-limits.js'

/** Functions 03 (holding registers) and 04 (input registers), the two that read meters. */
export type ReadFunction = 3 | 4

export interface ReadRegistersRequest {
  readonly function: ReadFunction
  /** Register address as it goes over the wire, from 0. */
  readonly start: number
  readonly count: number
}

/** What a master asks. Addresses are those on the wire, from 0; bits are packed, the first in the lowest bit of the first byte. */
export type ModbusRequest =
  | { readonly function: 1 | 2 | 3 | 4; readonly address: number; readonly count: number }
  | { readonly function: 5; readonly address: number; readonly on: boolean }
  | { readonly function: 6; readonly address: number; readonly value: number }
  | { readonly function: 15; readonly address: number; readonly count: number; readonly bits: Buffer }
  | { readonly function: 16; readonly address: number; readonly registers: Buffer }
  | { readonly function: 22; readonly address: number; readonly andMask: number; readonly orMask: number }
  | {
      readonly function: 23
      readonly address: number
      readonly count: number
      readonly writeAddress: number
      readonly registers: Buffer
    }

/** Coil values on the wire. */
export const coilOn = 0xff00
export const coilOff = 0x0000

const maxReadCounts = { 1: maxBitsPerRead, 2: maxBitsPerRead, 3: maxRegistersPerRead, 4: maxRegistersPerRead } as const

/** Where the byte count of a request stands and how many bytes go before the counted ones; by function. */
const counted = { 15: 5, 16: 5, 23: 9 } as const
const fixedLengths = { 1: 5, 2: 5, 3: 5, 4: 5, 5: 5, 6: 5, 22: 7 } as const

/**
 * Length of the request that begins at `at`, from function code to the last byte before any checksum.
 * @returns null for a function without known layout, undefined while the bytes before `end` do not tell.
 */
export function requestPduLength(bytes: Buffer, at: number, end: number): number | null | undefined {
  if (at >= end) return undefined
  const code = bytes.readUInt8(at)
  if (!isModbusFunction(code)) return null
  if (code !== 15 && code !== 16 && code !== 23) return fixedLengths[code]
  const countAt = at + counted[code]
  return countAt < end ? counted[code] + 1 + bytes.readUInt8(countAt) : undefined
}

export function encodeRequestPdu(request: ModbusRequest): Buffer {
  const pdu = Buffer.concat([Buffer.from([request.function]), requestBody(request)])
  invariant(pdu.length <= maxPduBytes, 'a Modbus PDU has at most 253 bytes')
  return pdu
}

function requestBody(request: ModbusRequest): Buffer {
  switch (request.function) {
    case 1:
    case 2:
    case 3:
    case 4:
      return words(request.address, request.count)
    case 5:
      return words(request.address, request.on ? coilOn : coilOff)
    case 6:
      return words(request.address, request.value)
    case 15:
      return Buffer.concat([words(request.address, request.count), withByteCount(request.bits)])
    case 16:
      return Buffer.concat([words(request.address, request.registers.length / 2), withByteCount(request.registers)])
    case 22:
      return words(request.address, request.andMask, request.orMask)
    case 23:
      return Buffer.concat([
        words(request.address, request.count, request.writeAddress, request.registers.length / 2),
        withByteCount(request.registers),
      ])
    default:
      return unreachable(request)
  }
}

/** What a PDU asks for, or the first rule that it breaks. */
export function decodeRequestPdu(pdu: Buffer): Result<ModbusRequest, PduError> {
  if (pdu.length === 0) return err({ kind: 'length_mismatch', at: 0, expected: 1, actual: 0 })
  const code = pdu.readUInt8(0)
  if (!isModbusFunction(code)) return err({ kind: 'unknown_function', at: 0, actual: code })
  // Too short to hold its byte count.
  const length = requestPduLength(pdu, 0, pdu.length) ?? (code === 23 ? counted[23] : counted[16]) + 1
  if (pdu.length !== length) return err({ kind: 'length_mismatch', at: 0, expected: length, actual: pdu.length })
  return decodeWhole(code, pdu)
}

function decodeWhole(code: ModbusFunction, pdu: Buffer): Result<ModbusRequest, PduError> {
  const address = pdu.readUInt16BE(1)
  switch (code) {
    case 1:
    case 2:
    case 3:
    case 4: {
      const count = pdu.readUInt16BE(3)
      const broken = rangeError(address, count, 1, maxReadCounts[code])
      return broken === null ? ok({ function: code, address, count }) : err(broken)
    }
    case 5: {
      const value = pdu.readUInt16BE(3)
      if (value !== coilOn && value !== coilOff) return err({ kind: 'coil_value_invalid', at: 3, actual: value })
      return ok({ function: 5, address, on: value === coilOn })
    }
    case 6:
      return ok({ function: 6, address, value: pdu.readUInt16BE(3) })
    case 15: {
      const count = pdu.readUInt16BE(3)
      const bits = pdu.subarray(6)
      const broken = rangeError(address, count, 1, maxBitsPerWrite) ?? byteCountError(bits, Math.ceil(count / 8), 5)
      return broken === null ? ok({ function: 15, address, count, bits }) : err(broken)
    }
    case 16: {
      const count = pdu.readUInt16BE(3)
      const registers = pdu.subarray(6)
      const broken = rangeError(address, count, 1, maxRegistersPerWrite) ?? byteCountError(registers, 2 * count, 5)
      return broken === null ? ok({ function: 16, address, registers }) : err(broken)
    }
    case 22:
      return ok({ function: 22, address, andMask: pdu.readUInt16BE(3), orMask: pdu.readUInt16BE(5) })
    case 23:
      return decodeReadWrite(pdu)
    default:
      return unreachable(code)
  }
}

function decodeReadWrite(pdu: Buffer): Result<ModbusRequest, PduError> {
  const [address, count] = [pdu.readUInt16BE(1), pdu.readUInt16BE(3)]
  const [writeAddress, writeCount] = [pdu.readUInt16BE(5), pdu.readUInt16BE(7)]
  const registers = pdu.subarray(10)
  const broken =
    rangeError(address, count, 1, maxRegistersPerRead) ??
    rangeError(writeAddress, writeCount, 5, maxRegistersPerReadWrite) ??
    byteCountError(registers, 2 * writeCount, 9)
  return broken === null ? ok({ function: 23, address, count, writeAddress, registers }) : err(broken)
}

/** `at`: where the address stands in the PDU; the count follows it. The count is judged first, as the specification draws it. */
function rangeError(address: number, count: number, at: number, maxCount: number): PduError | null {
  if (count < 1 || count > maxCount)
    return { kind: 'count_out_of_range', at: at + 2, expected: maxCount, actual: count }
  if (address + count > addressSpace)
    return { kind: 'address_out_of_range', at, expected: addressSpace - count, actual: address }
  return null
}

function byteCountError(bytes: Buffer, expected: number, at: number): PduError | null {
  return bytes.length === expected ? null : { kind: 'byte_count_mismatch', at, expected, actual: bytes.length }
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, 2 * index)
  return bytes
}

function withByteCount(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}
