import { err, ok, type Result } from '../../domain/result.js'
import { reversedHex } from './bcd.js'
import { functions2007, moreCode, refusalCode, replyCode } from './control-code.js'
import { encodeMessage, type Message } from './message.js'
import { refusalByte, refusalReasonsOf, type RefusalReason } from './refusal.js'
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
  | { readonly kind: 'refused'; readonly address: string; readonly reasons: readonly RefusalReason[] }

/** `not_a_reply`: our own request echoed by an adapter, or another master. */
export type ReplyError =
  | { readonly kind: 'not_a_reply' }
  | { readonly kind: 'unexpected_control_code'; readonly controlCode: number }
  | { readonly kind: 'malformed_reply' }

interface WireOptions {
  readonly wakeUpBytes?: number
}

const goodReply = replyCode(functions2007.read)
const moreReply = moreCode(functions2007.read)
const refusedReply = refusalCode(functions2007.read)
const identifierBytes = 4
const nothing = Buffer.alloc(0)

/** Bytes of a read request (11H) for one identifier, eight hexadecimal digits, DI3 first. */
export function encodeReadRequest(address: string, dataIdentifier: string, options?: WireOptions): Buffer {
  return encodeMessage(readMessage(address, 'request', 'good', dataIdentifier, nothing), options)
}

/** The answer to a read that a frame holds. */
export function parseReply({ address, controlCode, data }: Frame): Result<Reply, ReplyError> {
  switch (controlCode) {
    case goodReply:
    case moreReply:
      if (data.length < identifierBytes) return err({ kind: 'malformed_reply' })
      return ok({
        kind: 'data',
        address,
        dataIdentifier: reversedHex(data, 0, identifierBytes),
        payload: data.subarray(identifierBytes),
        followUp: controlCode === moreReply,
      })
    case refusedReply:
      if (data.length !== 1) return err({ kind: 'malformed_reply' })
      return ok({ kind: 'refused', address, reasons: refusalReasonsOf(data.readUInt8()) })
    default:
      return err(
        controlCode < replyCode(0) ? { kind: 'not_a_reply' } : { kind: 'unexpected_control_code', controlCode },
      )
  }
}

/** The meter's side: a good reply that fits one frame. */
export function encodeDataReply(
  address: string,
  dataIdentifier: string,
  payload: Buffer,
  options?: WireOptions,
): Buffer {
  return encodeMessage(readMessage(address, 'reply', 'good', dataIdentifier, payload), options)
}

/** The meter's side: a read refused for one or more reasons. */
export function encodeRefusal(address: string, reasons: readonly RefusalReason[], options?: WireOptions): Buffer {
  return encodeMessage(readMessage(address, 'reply', 'refused', null, refusalByte(reasons)), options)
}

function readMessage(
  address: string,
  direction: Message['direction'],
  outcome: Message['outcome'],
  dataIdentifier: string | null,
  payload: Buffer,
): Message {
  return { edition: '2007', address, direction, function: 'read', outcome, dataIdentifier, payload }
}
