import { hexOf } from '../hex.js'
import { findDataItem } from '../dlt645/catalogue/catalogue.js'
import type { Edition } from '../dlt645/data-item.js'
import { type FieldValue, readFields } from '../dlt645/field.js'
import { mayBeShorter, openFrame } from '../dlt645/frame.js'
import { parseLoadRecords } from '../dlt645/load-records.js'
import { type Message, parseMessage } from '../dlt645/message.js'
import { isReserved, payloadFields, sequence } from '../dlt645/payload-fields.js'
import { partOf } from '../dlt645/reassembly.js'
import { parseRefusal } from '../dlt645/refusal.js'
import type { FrameProtocol, InspectedFrame, InspectedValue } from './inspected-frame.js'

/** What a DL/T 645 frame says; the bytes are a sound frame that begins at `offset` of the input. */
export function inspectDlt645(bytes: Buffer, offset: number, edition?: Edition): InspectedFrame {
  const frame = openFrame(bytes)
  const message = parseMessage(frame, edition)
  return {
    protocol: protocolOf(message),
    address: frame.address,
    direction: (frame.controlCode & 0x80) === 0 ? 'request' : 'reply',
    controlCode: frame.controlCode.toString(16).padStart(2, '0').toUpperCase(),
    dataIdentifier: message?.dataIdentifier ?? null,
    followUp: message?.outcome === 'more',
    refusal: message?.outcome === 'refused' ? parseRefusal(message.edition, message.function, message.payload) : null,
    values: message === null || isInDoubt(message, bytes) ? [] : valuesOf(message),
    offset,
    hex: hexOf(bytes),
    payload: hexOf(message?.payload ?? frame.data),
    inner: null,
  }
}

/** Values of an item's whole payload, for answers that came in several parts. */
export function inspectPayload(edition: Edition, dataIdentifier: string, payload: Buffer): readonly InspectedValue[] {
  return valuesOf({
    edition,
    address: '',
    direction: 'reply',
    function: 'read',
    outcome: 'good',
    dataIdentifier,
    payload,
  })
}

function protocolOf(message: Message | null): FrameProtocol {
  return message === null ? 'dlt645' : `dlt645-${message.edition}`
}

function valuesOf(message: Message): readonly InspectedValue[] {
  if (holdsLoadRecords(message)) return loadRecordValues(message.payload)
  if (isNumberedPart(message)) return readFields([sequence], message.payload.subarray(partOf(message)?.bytes.length))
  const fields = payloadFields(message)
  if (fields === null) return []
  return readFields(fields, message.payload).filter((value) => !isReserved(value))
}

/** An item of several lengths in a frame that one wrong bit of the length byte would explain as well: nobody can tell its values. */
function isInDoubt({ edition, dataIdentifier }: Message, bytes: Buffer): boolean {
  if (dataIdentifier === null || !mayBeShorter(bytes)) return false
  const kind = findDataItem(edition, dataIdentifier)?.layout.kind
  return kind === 'block' || kind === 'variants'
}

/** A part of a longer answer has no fields of its own but its number. */
function isNumberedPart(message: Message): boolean {
  const isPart = message.function === 'read_follow_up' && message.direction === 'reply' && message.outcome !== 'refused'
  return isPart && message.edition === '2007' && partOf(message) !== null
}

function holdsLoadRecords({ edition, direction, function: name, outcome, dataIdentifier }: Message): boolean {
  if (direction !== 'reply' || name !== 'read' || outcome === 'refused' || dataIdentifier === null) return false
  return findDataItem(edition, dataIdentifier)?.layout.kind === 'load_records'
}

function loadRecordValues(payload: Buffer): readonly InspectedValue[] {
  const records = parseLoadRecords(payload) ?? []
  return records.flatMap(({ time, classes, isSound }) => {
    const values: readonly FieldValue[] = [time, ...classes.flatMap((each) => each ?? [])]
    return isSound ? values : values.map((value) => ({ ...value, value: null, state: 'invalid' as const }))
  })
}
