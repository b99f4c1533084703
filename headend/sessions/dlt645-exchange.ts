import { unreachable } from '../../domain/result.js'
import { isCalled, reachesMany } from '../../protocols/dlt645/address.js'
import type { Frame } from '../../protocols/dlt645/frame.js'
import { isReading, type Message, parseMessage } from '../../protocols/dlt645/message.js'
import { partOf } from '../../protocols/dlt645/reassembly.js'
import { parseRefusal } from '../../protocols/dlt645/refusal.js'

/**
 * One request on a half-duplex line and what becomes of it.
 * - `waiting`: entered by sending; left by a matching reply, by silence, or by the line going down or being lost.
 * - `settled`: entered once; whatever comes later belongs to nobody and is dropped.
 */
export type ExchangeState =
  | { readonly kind: 'waiting'; readonly request: Message }
  | { readonly kind: 'settled'; readonly outcome: ExchangeOutcome }

export type ExchangeInput =
  | { readonly kind: 'frame'; readonly frame: Frame; readonly bytes: Buffer }
  /** The reply time is over; `noise` says that bytes came which were no frame, `strangers` that replies came which were not ours. */
  | { readonly kind: 'timeout'; readonly noise: boolean; readonly strangers: boolean }
  | { readonly kind: 'line_down' }
  | { readonly kind: 'line_lost' }

export type ExchangeOutcome =
  | {
      readonly kind: 'data'
      /** Who answered; another than was called only where a wildcard was. */
      readonly address: string
      /** What follows the identifier; a further part without its number. */
      readonly payload: Buffer
      /** The meter has more, to be asked for by number. */
      readonly hasMore: boolean
      readonly bytes: Buffer
    }
  | { readonly kind: 'refused'; readonly reasons: readonly string[]; readonly bytes: Buffer }
  | { readonly kind: 'damaged' }
  /** Sound replies came, of another meter or about another item. */
  | { readonly kind: 'wrong_answer' }
  | { readonly kind: 'no_reply' }
  | { readonly kind: 'line_down' }
  /** The line may be another's by now: nothing was said, and nothing more will be. */
  | { readonly kind: 'line_lost' }

/** Why a frame is not the awaited reply: an adapter's echo, another meter, an earlier request, or nothing we know. */
export type DropReason =
  | 'not_a_reply'
  | 'wrong_address'
  | 'wrong_identifier'
  | 'wrong_sequence'
  | 'not_understood'
  | 'too_late'

export interface ExchangeStep {
  readonly state: ExchangeState
  readonly dropped: DropReason | null
}

export function startExchange(request: Message): ExchangeState {
  return { kind: 'waiting', request }
}

/**
 * Address, function, identifier and part number must all match: meters repeat themselves, modules speak unasked, and late replies
 * arrive during the next request. A refusal carries no identifier, so address and function alone decide there.
 */
export function advanceExchange(state: ExchangeState, input: ExchangeInput): ExchangeStep {
  if (state.kind === 'settled') return { state, dropped: input.kind === 'frame' ? 'too_late' : null }
  switch (input.kind) {
    case 'timeout':
      return settled({ kind: input.noise ? 'damaged' : input.strangers ? 'wrong_answer' : 'no_reply' })
    case 'line_down':
    case 'line_lost':
      return settled({ kind: input.kind })
    case 'frame':
      return judgeFrame(state, input.frame, input.bytes)
    default:
      return unreachable(input)
  }
}

function judgeFrame(state: ExchangeState & { readonly kind: 'waiting' }, frame: Frame, bytes: Buffer): ExchangeStep {
  const { request } = state
  const reply = parseMessage(frame, request.edition)
  const dropped = reply === null ? 'not_understood' : mismatch(request, reply)
  if (reply === null || dropped !== null) return { state, dropped }
  if (reply.outcome === 'refused') {
    const { reasons } = parseRefusal(reply.edition, reply.function, reply.payload)
    return settled({ kind: 'refused', reasons, bytes })
  }
  const payload = reply.function === 'read_follow_up' ? (partOf(reply)?.bytes ?? reply.payload) : reply.payload
  return settled({ kind: 'data', address: reply.address, payload, hasMore: reply.outcome === 'more', bytes })
}

function mismatch(request: Message, reply: Message): DropReason | null {
  if (reply.direction === 'request') return 'not_a_reply'
  if (reply.function !== request.function) return 'not_understood'
  if (reply.address !== request.address && !mayAnswer(request.address, reply.address)) return 'wrong_address'
  if (reply.outcome === 'refused') return reply.payload.length === 0 ? 'not_understood' : null
  // Only an answer to a question about an item names the item.
  if (request.function === 'read_address' || !isReading(request.function)) return null
  if (reply.dataIdentifier === null) return 'not_understood'
  if (reply.dataIdentifier !== request.dataIdentifier) return 'wrong_identifier'
  return isWrongPart(request, reply) ? 'wrong_sequence' : null
}

/** A wildcard may be answered by whom it calls: where only the high digits are left out, the low ones must be there. */
function mayAnswer(called: string, meter: string): boolean {
  return reachesMany(called) && isCalled(called, meter)
}

function isWrongPart(request: Message, reply: Message): boolean {
  if (request.function !== 'read_follow_up' || request.edition === '1997') return false
  return partOf(reply)?.sequence !== request.payload[0]
}

function settled(outcome: ExchangeOutcome): ExchangeStep {
  return { state: { kind: 'settled', outcome }, dropped: null }
}
