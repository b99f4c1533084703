import { unreachable } from '../../domain/result.js'
import type {
  Answer,
  Apdu,
  Ask,
  BlockPart,
  Denial,
  FollowReport,
  ObjectResult,
  OptionalPart,
  RecordQuery,
  RecordResult,
  Sealed,
  TimeTag,
} from './apdu.js'
import {
  bigEndian,
  encodeColumn,
  encodeData,
  encodeLength,
  encodeOad,
  encodeRowSelector,
  encodeSequence,
  encodeTimeInterval,
  hexBytes,
} from './encode-data.js'

const dateTimeBytes = 10
const dateTimeSBytes = 7
const comdcbBytes = 5
const linkActionNumbers = { login: 0, heartbeat: 1, logout: 2 } as const
const sealNumbers = { plain: 0, cipher: 1 } as const

export function encodeApdu(apdu: Apdu): Buffer {
  switch (apdu.kind) {
    case 'link_request':
      return concat(
        [0x01, apdu.piid, linkActionNumbers[apdu.action]],
        bigEndian(apdu.heartbeatSeconds, 2),
        hexBytes(apdu.requestedAt, dateTimeBytes),
      )
    case 'link_response':
      return concat(
        [0x81, apdu.piid, apdu.result],
        hexBytes(apdu.requestedAt, dateTimeBytes),
        hexBytes(apdu.receivedAt, dateTimeBytes),
        hexBytes(apdu.respondedAt, dateTimeBytes),
      )
    case 'get_request':
      return concat([0x05], encodeAsk(apdu.piid, apdu.ask), encodeOptional(apdu.timeTag, encodeTimeTag))
    case 'get_response':
      return concat(
        [0x85],
        encodeAnswer(apdu.piid, apdu.answer),
        encodeOptional(apdu.followReport, encodeFollowReport),
        encodeOptional(apdu.timeTag, encodeTimeTag),
      )
    case 'forward_request':
      return concat(
        [0x09, 7, apdu.piid],
        encodeOad(apdu.port),
        hexBytes(apdu.settings, comdcbBytes),
        bigEndian(apdu.replyWaitSeconds, 2),
        bigEndian(apdu.byteWaitMs, 2),
        counted(apdu.inner),
        encodeOptional(apdu.timeTag, encodeTimeTag),
      )
    case 'forward_response':
      return concat(
        [0x89, 7, apdu.piid],
        encodeOad(apdu.port),
        apdu.outcome.kind === 'denied' ? encodeDenial(apdu.outcome) : concat([1], counted(apdu.outcome.inner)),
        encodeOptional(apdu.followReport, encodeFollowReport),
        encodeOptional(apdu.timeTag, encodeTimeTag),
      )
    case 'security_request':
      return concat([0x10], encodeSealed(apdu.sealed), apdu.verification)
    case 'security_response':
      return concat([0x90], encodeSealed(apdu.sealed), apdu.verification)
    case 'other':
      return Buffer.from(apdu.bytes)
    default:
      return unreachable(apdu)
  }
}

function encodeAsk(piid: number, ask: Ask): Buffer {
  switch (ask.kind) {
    case 'normal':
      return concat([1, piid], encodeOad(ask.oad))
    case 'normal_list':
      return concat([2, piid], encodeSequence(ask.oads, encodeOad))
    case 'record':
      return concat([3, piid], encodeQuery(ask.query))
    case 'record_list':
      return concat([4, piid], encodeSequence(ask.queries, encodeQuery))
    case 'next':
      return concat([5, piid], bigEndian(ask.block, 2))
    default:
      return unreachable(ask)
  }
}

function encodeQuery({ oad, rows, columns }: RecordQuery): Buffer {
  return concat([], encodeOad(oad), encodeRowSelector(rows), encodeSequence(columns, encodeColumn))
}

function encodeAnswer(piid: number, answer: Answer): Buffer {
  switch (answer.kind) {
    case 'normal':
      return concat([1, piid], encodeResult(answer.result))
    case 'normal_list':
      return concat([2, piid], encodeSequence(answer.results, encodeResult))
    case 'record':
      return concat([3, piid], encodeRecord(answer.record))
    case 'record_list':
      return concat([4, piid], encodeSequence(answer.records, encodeRecord))
    case 'next':
      return concat([5, piid, answer.last ? 1 : 0], bigEndian(answer.block, 2), encodeBlockPart(answer.part))
    default:
      return unreachable(answer)
  }
}

/** As in a response of one object. */
export function encodeResult({ oad, outcome }: ObjectResult): Buffer {
  const granted = outcome.kind === 'denied' ? encodeDenial(outcome) : concat([1], encodeData(outcome.data))
  return concat([], encodeOad(oad), granted)
}

/** As in a response of one record object. */
export function encodeRecord({ oad, columns, outcome }: RecordResult): Buffer {
  const granted =
    outcome.kind === 'denied'
      ? encodeDenial(outcome)
      : concat(
          [1],
          encodeSequence(outcome.rows, (row) => Buffer.concat(row.map(encodeData))),
        )
  return concat([], encodeOad(oad), encodeSequence(columns, encodeColumn), granted)
}

function encodeBlockPart(part: BlockPart): Buffer {
  return part.kind === 'denied' ? encodeDenial(part) : encodeFollowReport(part)
}

function encodeFollowReport(report: FollowReport): Buffer {
  return report.kind === 'results'
    ? concat([1], encodeSequence(report.results, encodeResult))
    : concat([2], encodeSequence(report.records, encodeRecord))
}

function encodeDenial({ dar }: Denial): Buffer {
  return Buffer.from([0, dar])
}

function encodeSealed(sealed: Sealed | Denial): Buffer {
  if (sealed.kind === 'denied') return Buffer.from([2, sealed.dar])
  return concat([sealNumbers[sealed.kind]], counted(sealed.bytes))
}

function encodeOptional<T>(part: OptionalPart<T>, encodePart: (part: T) => Buffer): Buffer {
  if (part === 'omitted') return Buffer.alloc(0)
  return part === null ? Buffer.from([0]) : concat([1], encodePart(part))
}

function encodeTimeTag({ sentAt, allowedDelay }: TimeTag): Buffer {
  return concat([], hexBytes(sentAt, dateTimeSBytes), encodeTimeInterval(allowedDelay))
}

function counted(bytes: Buffer): Buffer {
  return concat([], encodeLength(bytes.length), bytes)
}

function concat(head: readonly number[], ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(head), ...parts])
}
