import { err, ok, type Result, unreachable } from '../../domain/result.js'
import type { Answer, GetResponse, ObjectResult, RecordResult, Row } from './apdu.js'
import { encodeRecord, encodeResult } from './encode-apdu.js'
import { encodeData } from './encode-data.js'

/** Blocks of one answer, as far as they have come. */
export interface BlockChain {
  readonly piid: number
  readonly nextBlock: number
  readonly part: CollectedPart
  readonly byteCount: number
}

type CollectedPart =
  | { readonly kind: 'results'; readonly results: readonly ObjectResult[] }
  | { readonly kind: 'records'; readonly records: readonly RecordResult[] }

export type BlockStep =
  /** Ask for the block after `chain.nextBlock - 1`. */
  | { readonly kind: 'incomplete'; readonly chain: BlockChain }
  | { readonly kind: 'complete'; readonly response: GetResponse }
  | { readonly kind: 'denied'; readonly dar: number }

export type BlockError =
  | { readonly kind: 'block_out_of_order' }
  | { readonly kind: 'blocks_do_not_match' }
  | { readonly kind: 'blocks_too_long' }

const serviceNumberMask = 0x3f
/** Far above what a meter keeps. */
const maxCollectedBytes = 1 << 20

/**
 * Joins one more response; the chain is null before the first. A response that is no block is complete by itself. Rows of a record
 * and elements of an array that go on in the next block are joined (public concentrator firmware cuts arrays that way). The first
 * block may have any number (some servers count from 0, others from 1); a block that comes twice changes nothing.
 */
export function joinBlock(chain: BlockChain | null, response: GetResponse): Result<BlockStep, BlockError> {
  const { answer } = response
  if (answer.kind !== 'next')
    return chain === null ? ok({ kind: 'complete', response }) : err({ kind: 'blocks_do_not_match' })
  const piid = response.piid & serviceNumberMask
  if (chain !== null && chain.piid !== piid) return err({ kind: 'blocks_do_not_match' })
  if (answer.part.kind === 'denied') return ok({ kind: 'denied', dar: answer.part.dar })
  if (chain !== null && answer.block === chain.nextBlock - 1) return ok({ kind: 'incomplete', chain })
  if (chain !== null && answer.block !== chain.nextBlock) return err({ kind: 'block_out_of_order' })
  const part = chain === null ? answer.part : joinParts(chain.part, answer.part)
  if (part === null) return err({ kind: 'blocks_do_not_match' })
  const byteCount = (chain?.byteCount ?? 0) + sizeOf(answer.part)
  if (byteCount > maxCollectedBytes) return err({ kind: 'blocks_too_long' })
  if (!answer.last) return ok({ kind: 'incomplete', chain: { piid, nextBlock: answer.block + 1, part, byteCount } })
  return ok({ kind: 'complete', response: { ...response, answer: wholeAnswer(part) } })
}

/**
 * The server's side: an answer in blocks, numbered from 0, of which none holds more than `maxBytes` of objects and rows unless one of
 * them alone does. An answer that fits is not cut.
 */
export function blocksOf(response: GetResponse, maxBytes: number): readonly GetResponse[] {
  const whole = partOf(response.answer)
  if (whole === null || sizeOf(whole) <= maxBytes) return [response]
  const parts = whole.kind === 'results' ? cutResults(whole.results, maxBytes) : cutRecords(whole.records, maxBytes)
  return parts.map((part, block) => ({
    ...response,
    answer: { kind: 'next', last: block === parts.length - 1, block, part },
  }))
}

function partOf(answer: Answer): CollectedPart | null {
  switch (answer.kind) {
    case 'normal':
      return { kind: 'results', results: [answer.result] }
    case 'normal_list':
      return { kind: 'results', results: answer.results }
    case 'record':
      return { kind: 'records', records: [answer.record] }
    case 'record_list':
      return { kind: 'records', records: answer.records }
    case 'next':
      return null
    default:
      return unreachable(answer)
  }
}

function cutResults(results: readonly ObjectResult[], maxBytes: number): readonly CollectedPart[] {
  return packed(results, (result) => encodeResult(result).length, maxBytes).map((some) => ({
    kind: 'results',
    results: some,
  }))
}

function cutRecords(records: readonly RecordResult[], maxBytes: number): readonly CollectedPart[] {
  const pieces = records.flatMap((record) => cutRows(record, maxBytes))
  return packed(pieces, (piece) => encodeRecord(piece).length, maxBytes).map((some) => ({
    kind: 'records',
    records: some,
  }))
}

function cutRows(record: RecordResult, maxBytes: number): readonly RecordResult[] {
  const { outcome } = record
  if (outcome.kind === 'denied' || outcome.rows.length === 0) return [record]
  const head = encodeRecord({ ...record, outcome: { kind: 'rows', rows: [] } }).length
  const rowBytes = (row: Row) => row.reduce((sum, data) => sum + encodeData(data).length, 0)
  return packed(outcome.rows, rowBytes, maxBytes - head).map((rows) => ({ ...record, outcome: { kind: 'rows', rows } }))
}

/** Runs of elements, in order, each as long as `maxBytes` allows and of one element at least. */
function packed<T>(
  elements: readonly T[],
  bytesOf: (element: T) => number,
  maxBytes: number,
): readonly (readonly T[])[] {
  const runs: T[][] = []
  let left = 0
  for (const element of elements) {
    const bytes = bytesOf(element)
    if (bytes > left || runs.length === 0) {
      runs.push([])
      left = maxBytes
    }
    runs.at(-1)?.push(element)
    left -= bytes
  }
  return runs
}

function joinParts(before: CollectedPart, next: CollectedPart): CollectedPart | null {
  if (before.kind === 'results')
    return next.kind === 'results'
      ? { kind: 'results', results: joinAtSeam(before.results, next.results, joinResult) }
      : null
  return next.kind === 'records'
    ? { kind: 'records', records: joinAtSeam(before.records, next.records, joinRecord) }
    : null
}

/** The last of what has come and the first of what comes may be one. */
function joinAtSeam<T>(before: readonly T[], next: readonly T[], join: (open: T, more: T) => T | null): readonly T[] {
  const open = before.at(-1)
  const more = next[0]
  const joined = open === undefined || more === undefined ? null : join(open, more)
  return joined === null ? [...before, ...next] : [...before.slice(0, -1), joined, ...next.slice(1)]
}

function joinResult(open: ObjectResult, more: ObjectResult): ObjectResult | null {
  if (open.oad !== more.oad || open.outcome.kind === 'denied' || more.outcome.kind === 'denied') return null
  const [begun, rest] = [open.outcome.data, more.outcome.data]
  if (begun.type !== 'array' || rest.type !== 'array') return null
  return {
    ...open,
    outcome: { kind: 'data', data: { type: 'array', elements: [...begun.elements, ...rest.elements] } },
  }
}

function joinRecord(open: RecordResult, next: RecordResult): RecordResult | null {
  const sameTable = open.oad === next.oad && JSON.stringify(open.columns) === JSON.stringify(next.columns)
  if (!sameTable || open.outcome.kind === 'denied' || next.outcome.kind === 'denied') return null
  return { ...open, outcome: { kind: 'rows', rows: [...open.outcome.rows, ...next.outcome.rows] } }
}

function wholeAnswer(part: CollectedPart): Answer {
  return part.kind === 'results'
    ? { kind: 'normal_list', results: part.results }
    : { kind: 'record_list', records: part.records }
}

function sizeOf(part: CollectedPart): number {
  const encoded = part.kind === 'results' ? part.results.map(encodeResult) : part.records.map(encodeRecord)
  return encoded.reduce((sum, bytes) => sum + bytes.length, 0)
}
