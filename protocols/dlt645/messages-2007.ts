import { err, ok, type Result } from '../../domain/result.js'
import { encodeMessage, type Message, parseMessage } from './message.js'
import { refusalByte, refusalReasonsOf, type RefusalReason2007 } from './refusal.js'
import type { Frame } from './frame.js'

/** What a meter answered to a read (11H). */
export type Reply =
  | {
      readonly kind: 'data'
      readonly address: string
      /** Eight hexadecimal digits, DI3 first. */
      readonly dataIdentifier: string
      readonly payload: Buffer
      /** More data wait in the meter, to be fetched with 12H. */
      readonly followUp: boolean
    }
  | { readonly kind: 'refused'; readonly address: string; readonly reasons: readonly RefusalReason2007[] }

/** `not_a_reply`: our own request echoed by an adapter, or another master. */
export type ReplyError =
  | { readonly kind: 'not_a_reply' }
  | { readonly kind: 'unexpected_control_code'; readonly controlCode: number }
  | { readonly kind: 'malformed_reply' }

export interface ReadRequest {
  readonly kind: 'read'
  readonly address: string
  readonly dataIdentifier: string
}

interface WireOptions {
  readonly wakeUpBytes?: number
}

const fromMeterBit = 0x80
const nothing = Buffer.alloc(0)
const readMessage = { edition: '2007', function: 'read' } as const

/** Bytes of a read request (11H) for one identifier, eight hexadecimal digits, DI3 first. */
export function encodeReadRequest(address: string, dataIdentifier: string, options?: WireOptions): Buffer {
  const request: Message = {
    ...readMessage,
    address,
    direction: 'request',
    outcome: 'good',
    dataIdentifier,
    payload: nothing,
  }
  return encodeMessage(request, options)
}

/** The answer to a read that a frame holds. */
export function parseReply(frame: Frame): Result<Reply, ReplyError> {
  const { address, controlCode } = frame
  if ((controlCode & fromMeterBit) === 0) return err({ kind: 'not_a_reply' })
  const message = parseMessage(frame, '2007')
  if (message?.function !== 'read') return err({ kind: 'unexpected_control_code', controlCode })
  const { outcome, dataIdentifier, payload } = message
  if (outcome === 'refused') {
    return payload.length === 1
      ? ok({ kind: 'refused', address, reasons: refusalReasonsOf(payload.readUInt8()) })
      : err({ kind: 'malformed_reply' })
  }
  if (dataIdentifier === null) return err({ kind: 'malformed_reply' })
  return ok({ kind: 'data', address, dataIdentifier, payload, followUp: outcome === 'more' })
}

/** The meter's side: a good reply that fits one frame. */
export function encodeDataReply(
  address: string,
  dataIdentifier: string,
  payload: Buffer,
  options?: WireOptions,
): Buffer {
  return encodeMessage(
    { ...readMessage, address, direction: 'reply', outcome: 'good', dataIdentifier, payload },
    options,
  )
}

/** The meter's side: a read refused for one or more reasons. */
export function encodeRefusal(address: string, reasons: readonly RefusalReason2007[], options?: WireOptions): Buffer {
  const payload = refusalByte(reasons)
  return encodeMessage(
    { ...readMessage, address, direction: 'reply', outcome: 'refused', dataIdentifier: null, payload },
    options,
  )
}
