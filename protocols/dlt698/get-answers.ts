import { err, ok, type Result, unreachable } from '../../domain/result.js'
import type { InspectedValue } from '../inspection/inspected-frame.js'
import { accessResultName } from './access-results.js'
import type { Answer, BlockPart, Denial, GetResponse, ObjectResult, RecordResult } from './apdu.js'
import type { ApduError } from './byte-reader.js'
import type { Column } from './data.js'
import { decodeApdu } from './decode-apdu.js'
import { columnValues, objectValues } from './object-values.js'

/** What a server answered to a GET, with names and exact decimals. */
export interface GetAnswer {
  readonly piid: number
  /** In the order in which they were asked for. */
  readonly objects: readonly AnsweredObject[]
  /** Null for an answer that is whole. */
  readonly continuation: Continuation | null
}

/** A block of an answer that does not fit one APDU: the next one has to be asked for unless it is the last. */
export interface Continuation {
  readonly last: boolean
  readonly block: number
  /** The server cannot go on. */
  readonly denied: AccessDenied | null
}

export interface AnsweredObject {
  readonly oad: string
  readonly outcome: AccessDenied | { readonly kind: 'rows'; readonly rows: readonly AnsweredRow[] }
}

/** One cell per column; an object that is no record has one row of one cell. */
export type AnsweredRow = readonly AnsweredCell[]

export interface AnsweredCell {
  readonly oad: string
  readonly values: readonly InspectedValue[]
}

export interface AccessDenied {
  readonly kind: 'access_denied'
  readonly dar: number
  /** Null for a result that the standard reserves. */
  readonly name: string | null
}

/** Reads the APDU of a GET-Response; `not_a_get_response` for any other sound one. */
export function decodeGetResponse(
  apdu: Uint8Array,
): Result<GetAnswer, ApduError | { readonly kind: 'not_a_get_response' }> {
  const decoded = decodeApdu(apdu)
  if (!decoded.ok) return decoded
  return decoded.value.kind === 'get_response' ? ok(toGetAnswer(decoded.value)) : err({ kind: 'not_a_get_response' })
}

export function toGetAnswer({ piid, answer }: GetResponse): GetAnswer {
  return { piid: piid & 0x3f, objects: objectsOf(answer), continuation: continuationOf(answer) }
}

function objectsOf(answer: Answer): readonly AnsweredObject[] {
  switch (answer.kind) {
    case 'normal':
      return [answeredObject(answer.result)]
    case 'normal_list':
      return answer.results.map(answeredObject)
    case 'record':
      return [answeredRecord(answer.record)]
    case 'record_list':
      return answer.records.map(answeredRecord)
    case 'next':
      return blockObjects(answer.part)
    default:
      return unreachable(answer)
  }
}

function blockObjects(part: BlockPart): readonly AnsweredObject[] {
  if (part.kind === 'denied') return []
  return part.kind === 'results' ? part.results.map(answeredObject) : part.records.map(answeredRecord)
}

function continuationOf(answer: Answer): Continuation | null {
  if (answer.kind !== 'next') return null
  const { last, block, part } = answer
  return { last, block, denied: part.kind === 'denied' ? accessDenied(part) : null }
}

function answeredObject({ oad, outcome }: ObjectResult): AnsweredObject {
  if (outcome.kind === 'denied') return { oad, outcome: accessDenied(outcome) }
  return { oad, outcome: { kind: 'rows', rows: [[{ oad, values: objectValues(oad, outcome.data) }]] } }
}

function answeredRecord({ oad, columns, outcome }: RecordResult): AnsweredObject {
  if (outcome.kind === 'denied') return { oad, outcome: accessDenied(outcome) }
  const rows = outcome.rows.map((row) =>
    row.flatMap((data, index) => {
      const column = columns[index]
      return column === undefined ? [] : [{ oad: columnOad(column), values: columnValues(column, data) }]
    }),
  )
  return { oad, outcome: { kind: 'rows', rows } }
}

function columnOad(column: Column): string {
  return 'road' in column ? column.road.oad : column.oad
}

function accessDenied({ dar }: Denial): AccessDenied {
  return { kind: 'access_denied', dar, name: accessResultName(dar) }
}
