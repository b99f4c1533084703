import { err, invariant, ok, type Result } from '../../domain/result.js'
import { reverseBytes } from './bcd.js'
import { encodeFrame, type Frame } from './frame.js'

/** Bits 0 to 6 of the error byte, in this order. */
const refusalReasons = [
  'other',
  'no_such_data',
  'unauthorised',
  'rate_locked',
  'too_many_year_zones',
  'too_many_day_slots',
  'too_many_tariffs',
] as const

export type RefusalReason = (typeof refusalReasons)[number]

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

export interface ReadRequest {
  readonly kind: 'read'
  readonly address: string
  readonly dataIdentifier: string
}

export type RequestError =
  | { readonly kind: 'not_a_request' }
  | { readonly kind: 'unexpected_control_code'; readonly controlCode: number }
  | { readonly kind: 'malformed_request' }

interface WireOptions {
  readonly wakeUpBytes?: number
}

const readCode = 0x11
const readReplyCode = 0x91
const readReplyMoreCode = 0xb1
export const readRefusalCode = 0xd1
const fromMeterBit = 0x80
const identifierBytes = 4

/** Bytes of a read request (11H) for one identifier, eight hexadecimal digits, DI3 first. */
export function encodeReadRequest(address: string, dataIdentifier: string, options?: WireOptions): Buffer {
  return encodeFrame({ address, controlCode: readCode, data: identifierToWire(dataIdentifier) }, options)
}

export function parseReply(frame: Frame): Result<Reply, ReplyError> {
  const { address, controlCode, data } = frame
  if ((controlCode & fromMeterBit) === 0) return err({ kind: 'not_a_reply' })
  switch (controlCode) {
    case readReplyCode:
    case readReplyMoreCode: {
      if (data.length < identifierBytes) return err({ kind: 'malformed_reply' })
      const followUp = controlCode === readReplyMoreCode
      return ok({
        kind: 'data',
        address,
        dataIdentifier: identifierFromWire(data),
        payload: data.subarray(identifierBytes),
        followUp,
      })
    }
    case readRefusalCode:
      return data.length === 1
        ? ok({ kind: 'refused', address, reasons: reasonsOf(data.readUInt8()) })
        : err({ kind: 'malformed_reply' })
    default:
      return err({ kind: 'unexpected_control_code', controlCode })
  }
}

/** The meter's side: what a master asks. */
export function parseRequest(frame: Frame): Result<ReadRequest, RequestError> {
  const { address, controlCode, data } = frame
  if ((controlCode & fromMeterBit) !== 0) return err({ kind: 'not_a_request' })
  if (controlCode !== readCode) return err({ kind: 'unexpected_control_code', controlCode })
  if (data.length !== identifierBytes) return err({ kind: 'malformed_request' })
  return ok({ kind: 'read', address, dataIdentifier: identifierFromWire(data) })
}

/** The meter's side: a good reply that fits one frame. */
export function encodeDataReply(
  address: string,
  dataIdentifier: string,
  payload: Buffer,
  options?: WireOptions,
): Buffer {
  const data = Buffer.concat([identifierToWire(dataIdentifier), payload])
  return encodeFrame({ address, controlCode: readReplyCode, data }, options)
}

/** The meter's side: a read refused for one or more reasons. */
export function encodeRefusal(address: string, reasons: readonly RefusalReason[], options?: WireOptions): Buffer {
  const bits = reasons.reduce((sum, reason) => sum | (1 << refusalReasons.indexOf(reason)), 0)
  return encodeFrame({ address, controlCode: readRefusalCode, data: Buffer.from([bits]) }, options)
}

function reasonsOf(bits: number): readonly RefusalReason[] {
  return refusalReasons.filter((_, bit) => (bits & (1 << bit)) !== 0)
}

function identifierToWire(dataIdentifier: string): Buffer {
  invariant(/^[0-9A-F]{8}$/.test(dataIdentifier), `not a data identifier: ${dataIdentifier}`)
  return reverseBytes(Buffer.from(dataIdentifier, 'hex'))
}

function identifierFromWire(data: Buffer): string {
  return reverseBytes(data.subarray(0, identifierBytes)).toString('hex').toUpperCase()
}
