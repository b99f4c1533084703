import { unreachable } from '../../domain/result.js'
import { type ExceptionName, exceptionNameOf } from './exception.js'
import type { ExchangeMismatch } from './match-exchange.js'
import type { ModbusReply } from './reply-pdu.js'
import { coilOff, coilOn, type ModbusRequest } from './request-pdu.js'
import type { Direction } from './rtu-adu.js'
import { hexOf } from '../hex.js'

/** What one message says, in plain values. */
export interface InspectedAdu {
  readonly protocol: 'modbus-tcp' | 'modbus-rtu'
  /** Null on a serial line. */
  readonly transactionId: number | null
  readonly unit: number
  readonly direction: Direction
  /** Function code, of an exception the one that it refuses. */
  readonly function: number
  /** As it goes over the wire, from 0; null where the message names none: replies that read, and exceptions. */
  readonly address: number | null
  /** Coils, inputs or registers; of function 23 those that are read; of a reply that reads bits, those of the request it answers. */
  readonly count: number | null
  /** Function 23 only. */
  readonly writeAddress: number | null
  /** Values that the message carries, upper-case hexadecimal in wire order; empty for none. */
  readonly data: string
  readonly exception: { readonly code: number; readonly name: ExceptionName | null } | null
  /** Of a reply that follows a request: whether it answers it. Null for all others. */
  readonly matches: boolean | null
  readonly mismatch: ExchangeMismatch | null
  /** Where the message begins in the input. */
  readonly offset: number
  /** The whole message, upper-case. */
  readonly hex: string
}

/** What the function's own bytes say. */
export type Content = Pick<InspectedAdu, 'function' | 'address' | 'count' | 'writeAddress' | 'data' | 'exception'>

const nothing = { address: null, count: null, writeAddress: null, data: '', exception: null }

export function requestContent(request: ModbusRequest): Content {
  const base = { ...nothing, function: request.function, address: request.address }
  switch (request.function) {
    case 1:
    case 2:
    case 3:
    case 4:
      return { ...base, count: request.count }
    case 5:
      return { ...base, count: 1, data: word(request.on ? coilOn : coilOff) }
    case 6:
      return { ...base, count: 1, data: word(request.value) }
    case 15:
      return { ...base, count: request.count, data: hexOf(request.bits) }
    case 16:
      return { ...base, count: request.registers.length / 2, data: hexOf(request.registers) }
    case 22:
      return { ...base, count: 1, data: word(request.andMask) + word(request.orMask) }
    case 23:
      return {
        ...base,
        count: request.count,
        writeAddress: request.writeAddress,
        data: hexOf(request.registers),
      }
    default:
      return unreachable(request)
  }
}

export function replyContent(reply: ModbusReply): Content {
  switch (reply.function) {
    case 'exception':
      return { ...nothing, function: reply.to, exception: { code: reply.code, name: exceptionNameOf(reply.code) } }
    case 1:
    case 2:
      return { ...nothing, function: reply.function, count: 8 * reply.bits.length, data: hexOf(reply.bits) }
    case 3:
    case 4:
    case 23:
      return {
        ...nothing,
        function: reply.function,
        count: reply.registers.length / 2,
        data: hexOf(reply.registers),
      }
    case 15:
    case 16:
      return { ...nothing, function: reply.function, address: reply.address, count: reply.count }
    case 5:
    case 6:
    case 22:
      return requestContent(reply)
    default:
      return unreachable(reply)
  }
}

function word(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0')
}
