import type { ModbusReply } from './reply-pdu.js'
import type { ModbusRequest } from './request-pdu.js'

/** How a reply fails to answer the request before it. The first difference names it. */
export type ExchangeMismatch =
  | 'transaction_mismatch'
  | 'unit_mismatch'
  | 'function_mismatch'
  | 'address_mismatch'
  | 'count_mismatch'
  | 'data_mismatch'

/** What goes around a request or a reply; `transactionId` is null on a serial line. */
export interface Envelope<M> {
  readonly transactionId: number | null
  readonly unit: number
  readonly message: M
}

/** Null when the reply answers the request. An exception answers any request to its function. */
export function mismatchOf(
  { message: request, ...asked }: Envelope<ModbusRequest>,
  { message: reply, ...answered }: Envelope<ModbusReply>,
): ExchangeMismatch | null {
  if (asked.transactionId !== answered.transactionId) return 'transaction_mismatch'
  if (asked.unit !== answered.unit) return 'unit_mismatch'
  if (reply.function === 'exception') return reply.to === request.function ? null : 'function_mismatch'
  if (reply.function !== request.function) return 'function_mismatch'
  return contentMismatch(request, reply)
}

function contentMismatch(
  request: ModbusRequest,
  reply: Exclude<ModbusReply, { readonly function: 'exception' }>,
): ExchangeMismatch | null {
  if ('bits' in reply)
    return 'count' in request && reply.bits.length === Math.ceil(request.count / 8) ? null : 'count_mismatch'
  if ('registers' in reply)
    return 'count' in request && reply.registers.length === 2 * request.count ? null : 'count_mismatch'
  if (reply.address !== request.address) return 'address_mismatch'
  if ('count' in reply) return reply.count === writtenCount(request) ? null : 'count_mismatch'
  return isEcho(request, reply) ? null : 'data_mismatch'
}

function writtenCount(request: ModbusRequest): number | null {
  if (request.function === 15) return request.count
  return request.function === 16 ? request.registers.length / 2 : null
}

function isEcho(request: ModbusRequest, reply: ModbusReply): boolean {
  if (request.function === 5 && reply.function === 5) return request.on === reply.on
  if (request.function === 6 && reply.function === 6) return request.value === reply.value
  if (request.function !== 22 || reply.function !== 22) return false
  return request.andMask === reply.andMask && request.orMask === reply.orMask
}
