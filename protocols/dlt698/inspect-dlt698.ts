import { unreachable } from '../../domain/result.js'
import type { InspectedFrame, InspectedValue, Refusal } from '../inspection/inspected-frame.js'
import { unwakened } from '../inspection/unwakened.js'
import { accessResultName } from './access-results.js'
import type { Answer, Apdu, Ask, Denial, LinkRequest, LinkResponse, ObjectResult, RecordResult } from './apdu.js'
import { createByteReader } from './byte-reader.js'
import { readColumn, readSequence } from './decode-data.js'
import { type DecodedApdu, decodeApduParts } from './decode-apdu.js'
import { controlOf, decodeDlt698, type Dlt698Frame } from './frame.js'
import { columnValues, missingValue, objectValues } from './object-values.js'
import { decodeSegment } from './segments.js'
import { timeText } from './time-texts.js'
import { hexOf } from '../hex.js'

type InspectInner = (bytes: Buffer) => InspectedFrame | null

/** What an APDU says about itself. */
interface Saying {
  readonly dataIdentifier: string | null
  readonly followUp: boolean
  readonly refusal: Refusal | null
  readonly values: readonly InspectedValue[]
  readonly payload: Buffer
  readonly inner: InspectedFrame | null
}

/** Service, choice, PIID. */
const servicePrefixBytes = 3
const oadBytes = 4
const choiceBytes = 1
/** A security wrapper within a security wrapper is not opened. */
const maxWrappers = 1

/**
 * What one frame says, in plain values: the direction is that of the bit DIR, the identifier the one object that is asked for or
 * answered. The payload of a response is the value (of a record: number of rows and rows; of several objects: everything behind the
 * PIID), that of a request what follows the identifier or, for several objects, the PIID; other services show their whole APDU.
 * @param bytes one whole frame; `inspectInner` reads what a forwarding service carries, wake-up bytes taken off.
 */
export function inspectDlt698(bytes: Buffer, offset: number, inspectInner: InspectInner): InspectedFrame {
  const decoded = decodeDlt698(bytes)
  const frame = decoded.ok ? decoded.value : null
  const saying = frame === null ? sayNothing(Buffer.alloc(0)) : sayFrame(frame, inspectInner)
  const controlCode = frame?.controlCode ?? bytes[3] ?? 0
  return {
    protocol: 'dlt698.45',
    address: frame?.server.address ?? '',
    direction: controlOf(controlCode).fromServer ? 'reply' : 'request',
    controlCode: hexOf(Buffer.from([controlCode])),
    dataIdentifier: saying.dataIdentifier,
    followUp: saying.followUp,
    refusal: saying.refusal,
    values: saying.values,
    offset,
    hex: hexOf(bytes),
    payload: hexOf(saying.payload),
    inner: saying.inner,
  }
}

/** The frame with the last segment of an APDU, as it reads with the whole of it. */
export function inspectJoined(last: InspectedFrame, apdu: Buffer, inspectInner: InspectInner): InspectedFrame {
  const { payload, ...saying } = sayApdu(apdu, inspectInner, maxWrappers)
  return { ...last, ...saying, payload: hexOf(payload) }
}

function sayFrame({ controlCode, userData }: Dlt698Frame, inspectInner: InspectInner): Saying {
  if (!controlOf(controlCode).segmented) return sayApdu(userData, inspectInner, maxWrappers)
  const segment = decodeSegment(userData)
  if (segment === null) return sayNothing(userData)
  return { ...sayNothing(segment.fragment), followUp: segment.place === 'first' || segment.place === 'middle' }
}

function sayApdu(bytes: Buffer, inspectInner: InspectInner, wrappersLeft: number): Saying {
  const decoded = decodeApduParts(bytes)
  return decoded.ok ? sayDecoded(bytes, decoded.value, inspectInner, wrappersLeft) : sayNothing(bytes)
}

function sayDecoded(bytes: Buffer, decoded: DecodedApdu, inspectInner: InspectInner, wrappersLeft: number): Saying {
  const { apdu } = decoded
  const nothing = sayNothing(bytes)
  switch (apdu.kind) {
    case 'get_request':
      return { ...nothing, ...sayAsk(bytes, apdu.ask) }
    case 'get_response':
      return { ...nothing, ...sayAnswer(bytes.subarray(0, decoded.serviceEnd), apdu.answer) }
    case 'link_request':
      return { ...nothing, values: linkRequestValues(apdu) }
    case 'link_response':
      return { ...nothing, values: linkResponseValues(apdu) }
    case 'forward_request':
      return { ...nothing, inner: inspectInner(unwakened(apdu.inner)) }
    case 'forward_response':
      return apdu.outcome.kind === 'denied'
        ? { ...nothing, refusal: refusalOf(apdu.outcome) }
        : { ...nothing, inner: inspectInner(unwakened(apdu.outcome.inner)) }
    case 'security_request':
    case 'security_response':
      return saySealed(apdu, nothing, inspectInner, wrappersLeft)
    case 'other':
      return nothing
    default:
      return unreachable(apdu)
  }
}

function saySealed(
  { sealed }: Extract<Apdu, { readonly kind: 'security_request' | 'security_response' }>,
  nothing: Saying,
  inspectInner: InspectInner,
  wrappersLeft: number,
): Saying {
  if (sealed.kind === 'denied') return { ...nothing, refusal: refusalOf(sealed) }
  if (sealed.kind === 'cipher' || wrappersLeft === 0) return nothing
  return sayApdu(sealed.bytes, inspectInner, wrappersLeft - 1)
}

function sayAsk(bytes: Buffer, ask: Ask): Partial<Saying> {
  const identifier = askedObject(ask)
  return {
    dataIdentifier: identifier,
    payload: bytes.subarray(servicePrefixBytes + (identifier === null ? 0 : oadStart(ask.kind) + oadBytes)),
  }
}

function askedObject(ask: Ask): string | null {
  switch (ask.kind) {
    case 'normal':
      return ask.oad
    case 'record':
      return ask.query.oad
    case 'normal_list':
      return onlyOne(ask.oads)
    case 'record_list':
      return onlyOne(ask.queries.map(({ oad }) => oad))
    case 'next':
      return null
    default:
      return unreachable(ask)
  }
}

function sayAnswer(service: Buffer, answer: Answer): Partial<Saying> {
  switch (answer.kind) {
    case 'normal':
      return sayResult(service, oadStart(answer.kind), answer.result)
    case 'record':
      return sayRecord(service, oadStart(answer.kind), answer.record)
    case 'normal_list':
      return sayResults(service, oadStart(answer.kind), answer.results)
    case 'record_list':
      return sayRecords(service, oadStart(answer.kind), answer.records)
    case 'next':
      return { ...sayBlock(service, answer), followUp: !answer.last }
    default:
      return unreachable(answer)
  }
}

function sayBlock(service: Buffer, { part }: Extract<Answer, { readonly kind: 'next' }>): Partial<Saying> {
  // Last flag, block number, choice and, for a sequence, its length.
  const partStart = 4
  if (part.kind === 'denied') return { refusal: refusalOf(part), payload: Buffer.from([part.dar]) }
  return part.kind === 'results'
    ? sayResults(service, partStart + 1, part.results)
    : sayRecords(service, partStart + 1, part.records)
}

function sayResults(service: Buffer, start: number, results: readonly ObjectResult[]): Partial<Saying> {
  const [only] = results
  if (only !== undefined && results.length === 1) return sayResult(service, start, only)
  return {
    values: results.flatMap(({ oad, outcome }) =>
      outcome.kind === 'denied' ? [missingValue(oad)] : objectValues(oad, outcome.data),
    ),
    payload: service.subarray(servicePrefixBytes),
    refusal: refusalOfSome(results.map(({ outcome }) => outcome)),
  }
}

function sayRecords(service: Buffer, start: number, records: readonly RecordResult[]): Partial<Saying> {
  const [only] = records
  if (only !== undefined && records.length === 1) return sayRecord(service, start, only)
  return {
    values: records.flatMap(recordValues),
    payload: service.subarray(servicePrefixBytes),
    refusal: refusalOfSome(records.map(({ outcome }) => outcome)),
  }
}

/** One object whose descriptor stands `start` bytes behind the PIID. */
function sayResult(service: Buffer, start: number, { oad, outcome }: ObjectResult): Partial<Saying> {
  const valueAt = servicePrefixBytes + start + oadBytes + choiceBytes
  return {
    dataIdentifier: oad,
    payload: service.subarray(valueAt),
    ...(outcome.kind === 'denied' ? { refusal: refusalOf(outcome) } : { values: objectValues(oad, outcome.data) }),
  }
}

function sayRecord(service: Buffer, start: number, record: RecordResult): Partial<Saying> {
  const columnsAt = servicePrefixBytes + start + oadBytes
  const reader = createByteReader(service.subarray(columnsAt))
  readSequence(reader, readColumn)
  return {
    dataIdentifier: record.oad,
    payload: service.subarray(columnsAt + reader.position + choiceBytes),
    ...(record.outcome.kind === 'denied' ? { refusal: refusalOf(record.outcome) } : { values: recordValues(record) }),
  }
}

function recordValues({ oad, columns, outcome }: RecordResult): readonly InspectedValue[] {
  if (outcome.kind === 'denied') return [missingValue(oad)]
  return outcome.rows.flatMap((row) =>
    row.flatMap((data, index) => {
      const column = columns[index]
      return column === undefined ? [] : columnValues(column, data)
    }),
  )
}

function linkRequestValues({ action, heartbeatSeconds, requestedAt }: LinkRequest): readonly InspectedValue[] {
  return [
    plain('action', action),
    { ...plain('heartbeat', String(heartbeatSeconds)), unit: 's' },
    timeOf('requestedAt', requestedAt),
  ]
}

function linkResponseValues(response: LinkResponse): readonly InspectedValue[] {
  return [
    plain('result', String(response.result & 0x07)),
    plain('clockTrusted', String((response.result & 0x80) !== 0)),
    timeOf('requestedAt', response.requestedAt),
    timeOf('receivedAt', response.receivedAt),
    timeOf('respondedAt', response.respondedAt),
  ]
}

function plain(name: string, value: string): InspectedValue {
  return { name, value, unit: null, state: 'ok' }
}

function timeOf(name: string, hex: string): InspectedValue {
  const value = timeText('date-time', hex)
  return { name, value, unit: null, state: value === null ? 'invalid' : 'ok' }
}

/** A list of one names its object as well; the number of entries, one byte then, stands in front of it. */
function oadStart(kind: Ask['kind']): number {
  return kind === 'normal_list' || kind === 'record_list' ? 1 : 0
}

function onlyOne(oads: readonly string[]): string | null {
  return oads.length === 1 ? (oads[0] ?? null) : null
}

function refusalOf({ dar }: Denial): Refusal {
  const name = accessResultName(dar)
  return { code: hexOf(Buffer.from([dar])), reasons: name === null ? [] : [name] }
}

/** Of a list, the denied objects in order: one code byte and one name for each. Their values are absent. */
function refusalOfSome(outcomes: readonly ({ readonly kind: string } | Denial)[]): Refusal | null {
  const denials = outcomes.filter((outcome): outcome is Denial => outcome.kind === 'denied').map(refusalOf)
  if (denials.length === 0) return null
  return { code: denials.map(({ code }) => code).join(''), reasons: denials.flatMap(({ reasons }) => reasons) }
}

function sayNothing(payload: Buffer): Saying {
  return { dataIdentifier: null, followUp: false, refusal: null, values: [], payload, inner: null }
}
