import { invariant } from '../../../domain/result.js'
import { isAbsent } from '../../../protocols/dlt645/bcd.js'
import { findDataItem } from '../../../protocols/dlt645/catalogue/catalogue.js'
import { bytesOf, type Field, type FieldValue, readFields, writeFields } from '../../../protocols/dlt645/field.js'
import { decodeFrame, type Frame } from '../../../protocols/dlt645/frame.js'
import { createFrameSplitter } from '../../../protocols/dlt645/frame-splitter.js'
import { decodeItem, encodeItem, findItem, identifierOf, type ItemName } from '../../../protocols/dlt645/data-items.js'
import { encodeLoadRecord, loadClasses, parseLoadRecords } from '../../../protocols/dlt645/load-records.js'
import { encodeMessage, type Message, parseMessage } from '../../../protocols/dlt645/message.js'
import { parseReply } from '../../../protocols/dlt645/messages-2007.js'
import { payloadFields } from '../../../protocols/dlt645/payload-fields.js'
import { addPart, type Assembly, startAssembly } from '../../../protocols/dlt645/reassembly.js'
import { parseRefusal } from '../../../protocols/dlt645/refusal.js'
import { minuteStampField } from '../../../protocols/dlt645/time-fields.js'
import { hashOf } from '../fuzz-random.js'

const maxDataBytes = 255
const refusalAndMore = 0x60

/** A reply as the head-end reads it for billing: exact values, or the reason why there is none. */
export function checkBilledReply(input: Buffer): void {
  const frame: Frame = {
    address: '000000000161',
    controlCode: input[0] ?? 0,
    data: input.subarray(1, 1 + maxDataBytes),
  }
  const reply = parseReply(frame)
  if (!reply.ok || reply.value.kind === 'refused') return
  const { dataIdentifier, payload } = reply.value
  const item = findItem(dataIdentifier)
  if (item === null) return
  invariant(identifierOf(item.name, item.index) === dataIdentifier, 'an item has the identifier that it was found by')
  checkBilled(item.name, payload)
}

function checkBilled(name: ItemName, payload: Buffer): void {
  const decoded = decodeItem(name, payload)
  if (!decoded.ok) return
  const written = encodeItem(name, decoded.value)
  // Tariffs at the end that the meter does not have are not written.
  invariant(written.equals(payload.subarray(0, written.length)), 'a value that was read is written alike')
  invariant(
    isAbsent(payload, written.length, payload.length - written.length) || written.length === payload.length,
    'no value is lost',
  )
}

/** A control code and data, as they stand in a frame: message, fields, values and back. */
export function checkMessage(input: Buffer): void {
  const controlCode = input[0] ?? 0
  const frame: Frame = { address: '000000000161', controlCode, data: input.subarray(1, 1 + maxDataBytes) }
  for (const edition of [undefined, '2007', '1997'] as const) {
    const message = parseMessage(frame, edition)
    if (message === null) continue
    // A refusal that announces more is read as a refusal, and no meter of ours writes one.
    if ((controlCode & refusalAndMore) !== refusalAndMore) checkWritten(message, frame)
    if (message.outcome === 'refused') parseRefusal(message.edition, message.function, message.payload)
    const fields = payloadFields(message)
    if (fields === null) continue
    invariant(bytesOf(fields) <= message.payload.length, 'fields lie in the payload')
    checkFields(fields, message.payload)
  }
}

function checkWritten(message: Message, frame: Frame): void {
  const written = decodeFrame(encodeMessage(message))
  invariant(written.ok, 'a message that was read can be written')
  invariant(
    written.ok && written.value.controlCode === frame.controlCode && written.value.data.equals(frame.data),
    'a message that was read is written alike',
  )
}

/** Every text that is read can be written, and says the same again. */
export function checkFields(fields: readonly Field[], payload: Buffer): void {
  const values = readFields(fields, payload)
  invariant(values.length === fields.length, 'a value for each field')
  let at = 0
  for (const [index, { type }] of fields.entries()) {
    const value = values[index]?.value ?? null
    if (value !== null) {
      const written = type.write(value)
      invariant(written !== null && written.length === type.bytes, `${value} can be written`)
      invariant(type.read(written ?? payload, 0) === value, `${value} is read again`)
      invariant(
        isSameOrPadded(written ?? payload, payload, at),
        `${value} is written with the bytes that it was read from`,
      )
    }
    at += type.bytes
  }
}

/** Blanks around a text and the sign of a zero are not kept; all else is. */
function isSameOrPadded(written: Buffer, payload: Buffer, at: number): boolean {
  let isSame = true
  let isBlank = false
  for (let offset = 0; offset < written.length; offset += 1) {
    const [mine, theirs] = [written[offset], payload[at + offset]]
    if (mine !== theirs) isSame = false
    if (theirs === 0 || theirs === 0x20) isBlank = true
  }
  return isSame || isBlank || (payload[at + written.length - 1] === 0x80 && written.every((byte) => byte === 0))
}

/** Payloads of load records: what is read whole and sound is read again when it is written. */
export function checkLoadRecords(input: Buffer): void {
  const records = parseLoadRecords(input)
  if (records === null) return
  invariant(records.length <= input.length / 14, 'no more records than bytes for them')
  for (const { time, classes, isSound } of records) {
    invariant(classes.length === loadClasses.length, 'six classes')
    const values = [time, ...classes.flatMap((each) => each ?? [])]
    if (!isSound || !values.every(({ state }) => state === 'ok')) continue
    const written = encodeLoadRecord(
      writeFields([{ name: '', type: minuteStampField }], [time.value]) ?? Buffer.alloc(0),
      classes.map((each, index) => (each === null ? null : writeFields(loadClasses[index] ?? [], textsOf(each)))),
    )
    const [again] = parseLoadRecords(written) ?? []
    invariant(again !== undefined, 'a record that was written is read')
  }
}

function textsOf(values: readonly FieldValue[]): readonly (string | null)[] {
  return values.map(({ value }) => value)
}

/** Answers in parts, in whatever order they come. */
export function checkReassembly(input: Buffer): void {
  const splitter = createFrameSplitter()
  let assembly: Assembly | null = null
  let received = 0
  for (const { frame } of [...splitter.push(input), ...splitter.timeout()]) {
    const message = parseMessage(frame)
    if (message === null) continue
    received += message.payload.length
    const started = startAssembly(message)
    if (started.ok) {
      assembly = started.value
      continue
    }
    if (assembly === null) continue
    const added = addPart(assembly, message)
    if (!added.ok) continue
    invariant(added.value.nextSequence === assembly.nextSequence + 1, 'parts are counted')
    invariant(added.value.payload.length <= received, 'no more bytes are put together than came')
    assembly = added.value
  }
  if (assembly === null) return
  const { dataIdentifier, payload } = assembly
  for (const edition of ['2007', '1997'] as const)
    if (findDataItem(edition, dataIdentifier)?.layout.kind === 'load_records') checkLoadRecords(payload)
    else checkAssembled(edition, dataIdentifier, payload)
}

function checkAssembled(edition: Message['edition'], dataIdentifier: string, payload: Buffer): void {
  const fields = payloadFields({
    edition,
    address: '',
    direction: 'reply',
    function: 'read',
    outcome: 'good',
    dataIdentifier,
    payload,
  })
  if (fields === null) return
  invariant(bytesOf(fields) === payload.length, 'fields fill the payload')
  if (hashOf(payload) % 4 === 0) checkFields(fields, payload)
}
