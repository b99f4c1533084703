import { unwakened } from '../inspection/unwakened.js'
import type { InspectedFrame, Refusal } from '../inspection/inspected-frame.js'
import { decodeGdw1376, encodeControl, encodeSequence, firstItem, firstPoint, type Gdw1376Frame } from './frame.js'
import { type Gdw1376Message, messageOf } from './messages.js'
import { hexOf } from '../hex.js'

const denied: Refusal = { code: '02', reasons: ['denied'] }

/**
 * What one frame says, in plain values. Upward frames are replies, downward frames requests.
 * @param bytes one whole frame; `inspectInner` reads what an AFN 10H F1 carries, wake-up bytes taken off.
 */
export function inspectGdw1376(
  bytes: Buffer,
  offset: number,
  inspectInner: (bytes: Buffer) => InspectedFrame | null,
): InspectedFrame {
  const decoded = decodeGdw1376(bytes)
  if (!decoded.ok) return unreadable(bytes, offset)
  const frame = decoded.value
  const message = messageOf(frame)
  return {
    protocol: 'gdw1376.1',
    address: frame.address.terminal,
    direction: frame.control.upward ? 'reply' : 'request',
    controlCode: hexByte(encodeControl(frame.control)),
    dataIdentifier: null,
    followUp: !frame.sequence.final,
    refusal: message.kind === 'deny' ? denied : null,
    values: [],
    offset,
    hex: hexOf(bytes),
    payload: hexOf(frame.data),
    inner: innerOf(message, inspectInner),
    afn: hexByte(frame.afn),
    seq: hexByte(encodeSequence(frame.sequence)),
    ...designations(frame),
  }
}

function innerOf(
  message: Gdw1376Message,
  inspectInner: (bytes: Buffer) => InspectedFrame | null,
): InspectedFrame | null {
  if (message.kind === 'forward_request') return inspectInner(unwakened(message.request.inner))
  return message.kind === 'forward_reply' ? inspectInner(unwakened(message.reply.inner)) : null
}

function designations({ unit }: Gdw1376Frame): { readonly pn?: number; readonly fn?: number } {
  const pn = unit === null ? null : firstPoint(unit)
  const fn = unit === null ? null : firstItem(unit)
  return { ...(pn === null ? {} : { pn }), ...(fn === null ? {} : { fn }) }
}

/** Sound on the outside, but shorter than its auxiliary fields; or no frame at all. */
function unreadable(bytes: Buffer, offset: number): InspectedFrame {
  return {
    protocol: 'gdw1376.1',
    address: '',
    direction: ((bytes[6] ?? 0) & 0x80) === 0 ? 'request' : 'reply',
    controlCode: hexOf(bytes.subarray(6, 7)),
    dataIdentifier: null,
    followUp: false,
    refusal: null,
    values: [],
    offset,
    hex: hexOf(bytes),
    payload: hexOf(bytes.subarray(14, -2)),
    inner: null,
  }
}

function hexByte(value: number): string {
  return hexOf(Buffer.from([value]))
}
