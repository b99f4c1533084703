import { err, ok, type Result, unreachable } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { encodeException, exceptionBit, type ExceptionName } from '../../protocols/modbus/exception.js'
import type { PduError } from '../../protocols/modbus/pdu-error.js'
import type { ModbusFunction } from '../../protocols/modbus/pdu-limits.js'
import { encodeReplyPdu, type ModbusReply } from '../../protocols/modbus/reply-pdu.js'
import { decodeRequestPdu, type ModbusRequest } from '../../protocols/modbus/request-pdu.js'
import type { BankTable, RegisterBank } from './register-bank.js'

/** A device behind a unit id. */
export interface ModbusDevice {
  readonly bank: RegisterBank
  /** All others are refused as illegal. */
  readonly functions: ReadonlySet<ModbusFunction>
}

/** Reply or exception of a device. Function, then count, then address, then the deed are judged, as the specification draws it. */
export function answerPdu({ bank, functions }: ModbusDevice, pdu: Buffer, now: Instant): Buffer {
  const code = pdu.readUInt8(0)
  if (!(functions as ReadonlySet<number>).has(code)) return encodeException(code & ~exceptionBit, 'illegal_function')
  const request = decodeRequestPdu(pdu)
  if (!request.ok) return encodeException(code, exceptionFor(request.error))
  const reply = perform(bank, request.value, now)
  return reply.ok ? encodeReplyPdu(reply.value) : encodeException(code, reply.error.kind)
}

function exceptionFor(error: PduError): ExceptionName {
  switch (error.kind) {
    case 'unknown_function':
      return 'illegal_function'
    case 'address_out_of_range':
      return 'illegal_data_address'
    case 'length_mismatch':
    case 'byte_count_mismatch':
    case 'count_out_of_range':
    case 'coil_value_invalid':
      return 'illegal_data_value'
    default:
      return unreachable(error)
  }
}

type Answer = Result<ModbusReply, { readonly kind: ExceptionName }>

const readTables = { 1: 'coils', 2: 'discreteInputs', 3: 'holding', 4: 'input' } as const satisfies Record<
  1 | 2 | 3 | 4,
  BankTable
>

function perform(bank: RegisterBank, request: ModbusRequest, now: Instant): Answer {
  const { address } = request
  switch (request.function) {
    case 1:
    case 2:
    case 3:
    case 4:
      return readCells(bank, request.function, address, request.count, now)
    case 5:
      return written(bank.write('coils', address, [request.on ? 1 : 0]), request)
    case 6:
      return written(bank.write('holding', address, [request.value]), request)
    case 15: {
      const { count, bits } = request
      return written(bank.write('coils', address, unpackBits(bits, count)), { function: 15, address, count })
    }
    case 16: {
      const values = unpackRegisters(request.registers)
      return written(bank.write('holding', address, values), { function: 16, address, count: values.length })
    }
    case 22: {
      const [current] = bank.read('holding', address, 1, now) ?? []
      if (current === undefined) return err({ kind: 'illegal_data_address' })
      const value = (current & request.andMask) | (request.orMask & ~request.andMask & 0xffff)
      return written(bank.write('holding', address, [value]), request)
    }
    case 23: {
      // The write goes before the read.
      if (bank.read('holding', address, request.count, now) === null) return err({ kind: 'illegal_data_address' })
      if (!bank.write('holding', request.writeAddress, unpackRegisters(request.registers)))
        return err({ kind: 'illegal_data_address' })
      return registersReply(bank, 23, 'holding', address, request.count, now)
    }
    default:
      return unreachable(request)
  }
}

function readCells(bank: RegisterBank, code: 1 | 2 | 3 | 4, address: number, count: number, now: Instant): Answer {
  if (code === 3 || code === 4) return registersReply(bank, code, readTables[code], address, count, now)
  const bits = bank.read(readTables[code], address, count, now)
  return bits === null ? err({ kind: 'illegal_data_address' }) : ok({ function: code, bits: packBits(bits) })
}

function registersReply(
  bank: RegisterBank,
  code: 3 | 4 | 23,
  table: BankTable,
  address: number,
  count: number,
  now: Instant,
): Answer {
  const values = bank.read(table, address, count, now)
  return values === null
    ? err({ kind: 'illegal_data_address' })
    : ok({ function: code, registers: packRegisters(values) })
}

function written(done: boolean, reply: ModbusReply): Answer {
  return done ? ok(reply) : err({ kind: 'illegal_data_address' })
}

function packBits(bits: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8))
  for (const [index, bit] of bits.entries())
    if (bit !== 0) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7))
  return bytes
}

function unpackBits(bytes: Buffer, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => (bytes.readUInt8(index >> 3) >> (index & 7)) & 1)
}

function packRegisters(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, 2 * index)
  return bytes
}

function unpackRegisters(bytes: Buffer): readonly number[] {
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(2 * index))
}
