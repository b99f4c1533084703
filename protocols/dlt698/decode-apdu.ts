import { err, ok, type Result } from '../../domain/result.js'
import type {
  Answer,
  Apdu,
  Ask,
  BlockPart,
  Denial,
  FollowReport,
  GetRequest,
  GetResponse,
  LinkAction,
  ObjectResult,
  OptionalPart,
  RecordQuery,
  RecordResult,
  Row,
  Sealed,
  TimeTag,
} from './apdu.js'
import { type ApduError, type ByteReader, createByteReader } from './byte-reader.js'
import type { Column } from './data.js'
import { readColumn, readData, readOad, readRowSelector, readSequence, readTimeInterval } from './decode-data.js'

/** An APDU and where its service ends: follow report and time tag begin there. */
export interface DecodedApdu {
  readonly apdu: Apdu
  readonly serviceEnd: number
}

const dateTimeBytes = 10
const dateTimeSBytes = 7
const linkActions: readonly LinkAction[] = ['login', 'heartbeat', 'logout']

/** Reads exactly one APDU. Services that the product does not use come back as `other`. */
export function decodeApdu(bytes: Uint8Array): Result<Apdu, ApduError> {
  const decoded = decodeApduParts(Buffer.from(bytes))
  return decoded.ok ? ok(decoded.value.apdu) : decoded
}

export function decodeApduParts(bytes: Buffer): Result<DecodedApdu, ApduError> {
  const reader = createByteReader(bytes)
  const ends: ServiceEnd = { position: bytes.length }
  const apdu = readApdu(reader, ends, bytes)
  if (reader.failure === null && reader.remaining > 0) reader.fail('apdu_bytes_left_over')
  return reader.failure === null ? ok({ apdu, serviceEnd: ends.position }) : err(reader.failure)
}

/** Filled in while reading. */
interface ServiceEnd {
  position: number
}

function readApdu(reader: ByteReader, ends: ServiceEnd, bytes: Buffer): Apdu {
  switch (reader.unsigned(1)) {
    case 0x01:
      return readLinkRequest(reader)
    case 0x81:
      return {
        kind: 'link_response',
        piid: reader.unsigned(1),
        result: reader.unsigned(1),
        requestedAt: reader.hex(dateTimeBytes),
        receivedAt: reader.hex(dateTimeBytes),
        respondedAt: reader.hex(dateTimeBytes),
      }
    case 0x05:
      return readGetRequest(reader, ends) ?? otherApdu(reader, bytes)
    case 0x85:
      return readGetResponse(reader, ends) ?? otherApdu(reader, bytes)
    case 0x09:
      return reader.unsigned(1) === 7 ? readForwardRequest(reader, ends) : otherApdu(reader, bytes)
    case 0x89:
      return reader.unsigned(1) === 7 ? readForwardResponse(reader, ends) : otherApdu(reader, bytes)
    case 0x10:
      return {
        kind: 'security_request',
        sealed: readSealed(reader, reader.unsigned(1)),
        verification: takeRest(reader),
      }
    case 0x90:
      return { kind: 'security_response', sealed: readSealedOrDenial(reader), verification: takeRest(reader) }
    default:
      return otherApdu(reader, bytes)
  }
}

function otherApdu(reader: ByteReader, bytes: Buffer): Apdu {
  takeRest(reader)
  return { kind: 'other', bytes: Buffer.from(bytes) }
}

function readLinkRequest(reader: ByteReader): Apdu {
  const piid = reader.unsigned(1)
  const action = linkActions[reader.unsigned(1)]
  if (action === undefined) reader.fail('apdu_choice_unknown')
  return {
    kind: 'link_request',
    piid,
    action: action ?? 'logout',
    heartbeatSeconds: reader.unsigned(2),
    requestedAt: reader.hex(dateTimeBytes),
  }
}

function readGetRequest(reader: ByteReader, ends: ServiceEnd): GetRequest | null {
  const choice = reader.unsigned(1)
  const piid = reader.unsigned(1)
  const ask = readAsk(reader, choice)
  if (ask === null) return null
  ends.position = reader.position
  return { kind: 'get_request', piid, ask, timeTag: readTimeTag(reader) }
}

function readAsk(reader: ByteReader, choice: number): Ask | null {
  switch (choice) {
    case 1:
      return { kind: 'normal', oad: readOad(reader) }
    case 2:
      return { kind: 'normal_list', oads: readSequence(reader, readOad) }
    case 3:
      return { kind: 'record', query: readQuery(reader) }
    case 4:
      return { kind: 'record_list', queries: readSequence(reader, readQuery) }
    case 5:
      return { kind: 'next', block: reader.unsigned(2) }
    default:
      return null
  }
}

function readQuery(reader: ByteReader): RecordQuery {
  return { oad: readOad(reader), rows: readRowSelector(reader), columns: readSequence(reader, readColumn) }
}

function readGetResponse(reader: ByteReader, ends: ServiceEnd): GetResponse | null {
  const choice = reader.unsigned(1)
  const piid = reader.unsigned(1)
  const answer = readAnswer(reader, choice)
  if (answer === null) return null
  ends.position = reader.position
  return { kind: 'get_response', piid, answer, followReport: readFollowReport(reader), timeTag: readTimeTag(reader) }
}

function readAnswer(reader: ByteReader, choice: number): Answer | null {
  switch (choice) {
    case 1:
      return { kind: 'normal', result: readResult(reader) }
    case 2:
      return { kind: 'normal_list', results: readSequence(reader, readResult) }
    case 3:
      return { kind: 'record', record: readRecord(reader) }
    case 4:
      return { kind: 'record_list', records: readSequence(reader, readRecord) }
    case 5:
      return {
        kind: 'next',
        last: reader.unsigned(1) !== 0,
        block: reader.unsigned(2),
        part: readBlockPart(reader),
      }
    default:
      return null
  }
}

function readBlockPart(reader: ByteReader): BlockPart {
  switch (reader.unsigned(1)) {
    case 0:
      return readDenial(reader)
    case 1:
      return { kind: 'results', results: readSequence(reader, readResult) }
    case 2:
      return { kind: 'records', records: readSequence(reader, readRecord) }
    default:
      reader.fail('apdu_choice_unknown')
      return { kind: 'results', results: [] }
  }
}

function readResult(reader: ByteReader): ObjectResult {
  const oad = readOad(reader)
  return {
    oad,
    outcome: readOutcome<ObjectResult['outcome']>(reader, () => ({ kind: 'data', data: readData(reader) })),
  }
}

function readRecord(reader: ByteReader): RecordResult {
  const oad = readOad(reader)
  const columns = readSequence(reader, readColumn)
  return {
    oad,
    columns,
    outcome: readOutcome<RecordResult['outcome']>(reader, () => ({ kind: 'rows', rows: readRows(reader, columns) })),
  }
}

// A row without columns takes no bytes, so that its count would be bounded by nothing.
function readRows(reader: ByteReader, columns: readonly Column[]): readonly Row[] {
  const rows = readSequence(reader, () => (columns.length === 0 ? [] : columns.map(() => readData(reader))))
  if (columns.length === 0 && rows.length > 0) reader.fail('apdu_count_exceeds_bytes')
  return rows
}

function readOutcome<T>(reader: ByteReader, readGranted: () => T): T | Denial {
  const choice = reader.unsigned(1)
  if (choice === 1) return readGranted()
  if (choice !== 0) reader.fail('apdu_choice_unknown')
  return readDenial(reader)
}

function readDenial(reader: ByteReader): Denial {
  return { kind: 'denied', dar: reader.unsigned(1) }
}

function readForwardRequest(reader: ByteReader, ends: ServiceEnd): Apdu {
  const service = {
    kind: 'forward_request',
    piid: reader.unsigned(1),
    port: readOad(reader),
    settings: reader.hex(5),
    replyWaitSeconds: reader.unsigned(2),
    byteWaitMs: reader.unsigned(2),
    inner: Buffer.from(reader.take(reader.length())),
  } as const
  ends.position = reader.position
  return { ...service, timeTag: readTimeTag(reader) }
}

function readForwardResponse(reader: ByteReader, ends: ServiceEnd): Apdu {
  const service = {
    kind: 'forward_response',
    piid: reader.unsigned(1),
    port: readOad(reader),
    outcome: readOutcome(reader, () => ({ kind: 'bytes', inner: Buffer.from(reader.take(reader.length())) }) as const),
  } as const
  ends.position = reader.position
  return { ...service, followReport: readFollowReport(reader), timeTag: readTimeTag(reader) }
}

function readSealed(reader: ByteReader, choice: number): Sealed {
  if (choice > 1) reader.fail('apdu_choice_unknown')
  return { kind: choice === 0 ? 'plain' : 'cipher', bytes: Buffer.from(reader.take(reader.length())) }
}

function readSealedOrDenial(reader: ByteReader): Sealed | Denial {
  const choice = reader.unsigned(1)
  return choice === 2 ? readDenial(reader) : readSealed(reader, choice)
}

function takeRest(reader: ByteReader): Buffer {
  return Buffer.from(reader.take(reader.remaining))
}

function readFollowReport(reader: ByteReader): OptionalPart<FollowReport> {
  return readOptional(reader, () => {
    const part = readBlockPart(reader)
    if (part.kind !== 'denied') return part
    reader.fail('apdu_choice_unknown')
    return { kind: 'results', results: [] }
  })
}

function readTimeTag(reader: ByteReader): OptionalPart<TimeTag> {
  return readOptional(reader, () => ({ sentAt: reader.hex(dateTimeSBytes), allowedDelay: readTimeInterval(reader) }))
}

function readOptional<T>(reader: ByteReader, readPart: () => T): OptionalPart<T> {
  if (reader.failure !== null || reader.remaining === 0) return 'omitted'
  const presence = reader.unsigned(1)
  if (presence === 0) return null
  if (presence !== 1) reader.fail('apdu_choice_unknown')
  return readPart()
}
