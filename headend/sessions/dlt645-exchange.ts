import { unreachable } from '../../domain/result.js'
import type { Frame } from '../../protocols/dlt645/frame.js'
import { parseReply, type ReadRequest, type Reply } from '../../protocols/dlt645/messages-2007.js'
import type { RefusalReason2007 } from '../../protocols/dlt645/refusal.js'

/**
 * One request on a half-duplex line and what becomes of it.
 * - `waiting`: entered by sending; left by a matching reply, by silence, or by the line going down.
 * - `settled`: entered once; whatever comes later belongs to nobody and is dropped.
 */
export type ExchangeState =
  | { readonly kind: 'waiting'; readonly request: ReadRequest }
  | { readonly kind: 'settled'; readonly outcome: ExchangeOutcome }

export type ExchangeInput =
  | { readonly kind: 'frame'; readonly frame: Frame; readonly bytes: Buffer }
  /** The reply time is over; `noise` says that bytes came which were no frame. */
  | { readonly kind: 'timeout'; readonly noise: boolean }
  | { readonly kind: 'line_down' }

export type ExchangeOutcome =
  | { readonly kind: 'data'; readonly payload: Buffer; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly reasons: readonly RefusalReason2007[] }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'no_reply' }
  | { readonly kind: 'line_down' }

/** Why a frame is not the awaited reply: an adapter's echo, another meter, an earlier request, or nothing we know. */
export type DropReason = 'not_a_reply' | 'wrong_address' | 'wrong_identifier' | 'not_understood' | 'too_late'

export interface ExchangeStep {
  readonly state: ExchangeState
  readonly dropped: DropReason | null
}

export function startExchange(request: ReadRequest): ExchangeState {
  return { kind: 'waiting', request }
}

/**
 * Address, function and identifier must all match: meters repeat themselves, modules speak unasked, and late replies arrive
 * during the next request. A refusal carries no identifier, so the address alone decides there.
 */
export function advanceExchange(state: ExchangeState, input: ExchangeInput): ExchangeStep {
  if (state.kind === 'settled') return { state, dropped: input.kind === 'frame' ? 'too_late' : null }
  switch (input.kind) {
    case 'timeout':
      return settled({ kind: input.noise ? 'damaged' : 'no_reply' })
    case 'line_down':
      return settled({ kind: 'line_down' })
    case 'frame':
      return judgeFrame(state, input.frame, input.bytes)
    default:
      return unreachable(input)
  }
}

function judgeFrame(state: ExchangeState & { readonly kind: 'waiting' }, frame: Frame, bytes: Buffer): ExchangeStep {
  const parsed = parseReply(frame)
  if (!parsed.ok) return { state, dropped: parsed.error.kind === 'not_a_reply' ? 'not_a_reply' : 'not_understood' }
  const reply = parsed.value
  const dropped = mismatch(state.request, reply)
  if (dropped !== null) return { state, dropped }
  return reply.kind === 'refused'
    ? settled({ kind: 'refused', reasons: reply.reasons })
    : settled({ kind: 'data', payload: reply.payload, bytes })
}

function mismatch(request: ReadRequest, reply: Reply): DropReason | null {
  if (reply.address !== request.address) return 'wrong_address'
  if (reply.kind === 'refused') return null
  if (reply.dataIdentifier !== request.dataIdentifier) return 'wrong_identifier'
  // Nothing that we read needs a second frame; a reply that announces one is not the item we asked for.
  return reply.followUp ? 'not_understood' : null
}

function settled(outcome: ExchangeOutcome): ExchangeStep {
  return { state: { kind: 'settled', outcome }, dropped: null }
}
