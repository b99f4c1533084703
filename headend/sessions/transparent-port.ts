import { invariant, unreachable } from '../../domain/result.js'
import { decodeFrame } from '../../protocols/dlt645/frame.js'
import type { Message } from '../../protocols/dlt645/message.js'
import type { EnvelopeContent } from '../../protocols/concentrator/envelope-content.js'
import type { EnvelopeProfile } from '../../protocols/concentrator/envelope-profile.js'
import { advanceExchange, type DropReason, type ExchangeOutcome, startExchange } from './dlt645-exchange.js'

/**
 * The one port behind a concentrator in transparent mode: half duplex, one request in flight.
 * - `idle`: entered at the start, by an answer, and by `drained`; left by `send`.
 * - `waiting`: entered by `send`; left by the matching answer, by `timeout` after the profile's seconds, or by the line going down.
 * - `draining`: entered when a request without a message id of its own timed out, because its answer may still come and would look
 *   like the answer to the same question asked again; left by that answer, or by `drained` after another timeout.
 */
export type TransparentState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'waiting'
      readonly messageId: string | null
      readonly request: Message
      readonly noise: boolean
    }
  | { readonly kind: 'draining'; readonly request: Message }

export type TransparentInput =
  /** The message id is what an answer has to name; null under the rule `address_function_identifier`. */
  | { readonly kind: 'send'; readonly request: Message; readonly messageId: string | null }
  /** A message on the topic of answers, decoded. */
  | { readonly kind: 'message'; readonly content: Pick<EnvelopeContent, 'messageId' | 'frames' | 'failure'> }
  /** A message there that could not be decoded. */
  | { readonly kind: 'noise' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'drained' }
  | { readonly kind: 'line_down' }

export type TransparentDropReason = DropReason | 'wrong_message' | 'frame_damaged'

export interface TransparentStep {
  readonly state: TransparentState
  /** What became of the request in flight; null while nothing has. */
  readonly outcome: ExchangeOutcome | null
  /** Why each frame of a message is not the awaited answer. */
  readonly dropped: readonly TransparentDropReason[]
}

export type CorrelationRule = EnvelopeProfile['correlation']['by']

const idle: TransparentState = { kind: 'idle' }

export function isFree(state: TransparentState): boolean {
  return state.kind === 'idle'
}

/**
 * The next state. Under `message_id` an answer must name the request's id, and its frame must still match by address, function and
 * identifier: a value of another meter under the right id would be billed.
 */
export function advanceTransparent(
  rule: CorrelationRule,
  state: TransparentState,
  input: TransparentInput,
): TransparentStep {
  switch (input.kind) {
    case 'send':
      invariant(state.kind === 'idle', 'a half-duplex port carries one request at a time')
      invariant(rule !== 'message_id' || input.messageId !== null, 'a request has the id that its answer will name')
      return step({
        kind: 'waiting',
        messageId: rule === 'message_id' ? input.messageId : null,
        request: input.request,
        noise: false,
      })
    case 'message':
      return hear(state, input.content)
    case 'noise':
      return step(state.kind === 'waiting' ? { ...state, noise: true } : state)
    case 'timeout':
      return giveUp(state)
    case 'drained':
      return step(state.kind === 'draining' ? idle : state)
    case 'line_down':
      return step(idle, [], state.kind === 'waiting' ? { kind: 'line_down' } : null)
    default:
      return unreachable(input)
  }
}

function hear(
  state: TransparentState,
  { messageId, frames, failure }: Pick<EnvelopeContent, 'messageId' | 'frames' | 'failure'>,
): TransparentStep {
  const wrong = state.kind === 'waiting' && state.messageId !== null && state.messageId !== messageId
  if (wrong) return step(state, ['wrong_message'])
  if (state.kind === 'waiting' && failure !== null) return step(idle, [], { kind: 'no_reply' })
  let current = state
  let outcome: ExchangeOutcome | null = null
  const dropped: TransparentDropReason[] = []
  for (const { bytes } of frames) {
    const heard = hearFrame(current, bytes)
    current = heard.state
    outcome ??= heard.outcome
    dropped.push(...heard.dropped)
  }
  return step(current, dropped, outcome)
}

function hearFrame(state: TransparentState, bytes: Buffer): TransparentStep {
  const frame = decodeFrame(bytes)
  if (!frame.ok) return step(state.kind === 'waiting' ? { ...state, noise: true } : state, ['frame_damaged'])
  if (state.kind === 'idle') return step(state, ['too_late'])
  const next = advanceExchange(startExchange(state.request), { kind: 'frame', frame: frame.value, bytes })
  if (next.state.kind !== 'settled') return step(state, next.dropped === null ? [] : [next.dropped])
  return state.kind === 'draining' ? step(idle, ['too_late']) : step(idle, [], next.state.outcome)
}

function giveUp(state: TransparentState): TransparentStep {
  if (state.kind !== 'waiting') return step(state)
  const outcome: ExchangeOutcome = { kind: state.noise ? 'damaged' : 'no_reply' }
  return step(state.messageId === null ? { kind: 'draining', request: state.request } : idle, [], outcome)
}

function step(
  state: TransparentState,
  dropped: readonly TransparentDropReason[] = [],
  outcome: ExchangeOutcome | null = null,
): TransparentStep {
  return { state, outcome, dropped }
}
