import { err, invariant, ok, type Result, unreachable } from '../../domain/result.js'
import { exceptionBit } from './exception.js'
import type { PduError } from './pdu-error.js'
import { isModbusFunction, maxPduBytes, type ModbusFunction } from './pdu-limits.js'
import { coilOff, coilOn, type ReadFunction } from './request-pdu.js'

/** What a device answers. Bits are packed, the first in the lowest bit of the first byte; registers high byte first. */
export type ModbusReply =
  | { readonly function: 1 | 2; readonly bits: Buffer }
  | { readonly function: 3 | 4 | 23; readonly registers: Buffer }
  | { readonly function: 5; readonly address: number; readonly on: boolean }
  | { readonly function: 6; readonly address: number; readonly value: number }
  | { readonly function: 15 | 16; readonly address: number; readonly count: number }
  | { readonly function: 22; readonly address: number; readonly andMask: number; readonly orMask: number }
  | ExceptionReply

/** A refusal. The function may be one that we do not know: refusing it is what the exception is for. */
export interface ExceptionReply {
  readonly function: 'exception'
  readonly to: number
  readonly code: number
}

const exceptionBytes = 2
const fixedLengths = { 5: 5, 6: 5, 15: 5, 16: 5, 22: 7 } as const

/**
 * Length of the reply that begins at `at`, from function code to the last byte before any checksum.
 * @returns null for a function without known layout, undefined while the bytes before `end` do not tell.
 */
export function replyPduLength(bytes: Buffer, at: number, end: number): number | null | undefined {
  if (at >= end) return undefined
  const code = bytes.readUInt8(at)
  if (code >= exceptionBit) return exceptionBytes
  if (!isModbusFunction(code)) return null
  if (code === 5 || code === 6 || code === 15 || code === 16 || code === 22) return fixedLengths[code]
  return at + 1 < end ? 2 + bytes.readUInt8(at + 1) : undefined
}

export function encodeReplyPdu(reply: ModbusReply): Buffer {
  const pdu = replyBytes(reply)
  invariant(pdu.length <= maxPduBytes, 'a Modbus PDU has at most 253 bytes')
  return pdu
}

function replyBytes(reply: ModbusReply): Buffer {
  switch (reply.function) {
    case 'exception':
      return Buffer.from([reply.to | exceptionBit, reply.code])
    case 1:
    case 2:
      return Buffer.concat([Buffer.from([reply.function, reply.bits.length]), reply.bits])
    case 3:
    case 4:
    case 23:
      return Buffer.concat([Buffer.from([reply.function, reply.registers.length]), reply.registers])
    case 5:
      return functionAndWords(5, reply.address, reply.on ? coilOn : coilOff)
    case 6:
      return functionAndWords(6, reply.address, reply.value)
    case 15:
    case 16:
      return functionAndWords(reply.function, reply.address, reply.count)
    case 22:
      return functionAndWords(22, reply.address, reply.andMask, reply.orMask)
    default:
      return unreachable(reply)
  }
}

/** A reply that reads registers, two bytes each, high byte first. */
export function encodeReadReply(readFunction: ReadFunction, registers: Buffer): Buffer {
  return encodeReplyPdu({ function: readFunction, registers })
}

/** What a PDU answers, or the first rule that it breaks. */
export function decodeReplyPdu(pdu: Buffer): Result<ModbusReply, PduError> {
  if (pdu.length === 0) return err({ kind: 'length_mismatch', at: 0, expected: 1, actual: 0 })
  const code = pdu.readUInt8(0)
  if (code < exceptionBit && !isModbusFunction(code)) return err({ kind: 'unknown_function', at: 0, actual: code })
  const length = replyPduLength(pdu, 0, pdu.length) ?? 2
  if (pdu.length !== length) return err({ kind: 'length_mismatch', at: 0, expected: length, actual: pdu.length })
  if (!isModbusFunction(code)) return ok({ function: 'exception', to: code & ~exceptionBit, code: pdu.readUInt8(1) })
  return decodeWhole(code, pdu)
}

function decodeWhole(code: ModbusFunction, pdu: Buffer): Result<ModbusReply, PduError> {
  switch (code) {
    case 1:
    case 2: {
      const bits = pdu.subarray(2)
      if (bits.length === 0) return err({ kind: 'byte_count_mismatch', at: 1, expected: 1, actual: 0 })
      return ok({ function: code, bits })
    }
    case 3:
    case 4:
    case 23: {
      const registers = pdu.subarray(2)
      if (registers.length === 0 || registers.length % 2 !== 0)
        return err({ kind: 'byte_count_mismatch', at: 1, expected: registers.length + 1, actual: registers.length })
      return ok({ function: code, registers })
    }
    case 5: {
      const value = pdu.readUInt16BE(3)
      if (value !== coilOn && value !== coilOff) return err({ kind: 'coil_value_invalid', at: 3, actual: value })
      return ok({ function: 5, address: pdu.readUInt16BE(1), on: value === coilOn })
    }
    case 6:
      return ok({ function: 6, address: pdu.readUInt16BE(1), value: pdu.readUInt16BE(3) })
    case 15:
    case 16:
      return ok({ function: code, address: pdu.readUInt16BE(1), count: pdu.readUInt16BE(3) })
    case 22:
      return ok({
        function: 22,
        address: pdu.readUInt16BE(1),
        andMask: pdu.readUInt16BE(3),
        orMask: pdu.readUInt16BE(5),
      })
    default:
      return unreachable(code)
  }
}

function functionAndWords(code: ModbusFunction, ...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(1 + 2 * values.length)
  bytes.writeUInt8(code, 0)
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, 1 + 2 * index)
  return bytes
}
