import { isUtf8 } from 'node:buffer'
import { err, ok, type Result } from '../../domain/result.js'
import type { TableProblemCode } from './table-row.js'

export type TextEncoding = 'utf-8' | 'gb18030'
export interface EncodedText {
  readonly encoding: TextEncoding
  /** The bytes behind a byte order mark. */
  readonly bytes: Uint8Array
}
/** Lines whose bytes cannot be read; `lines` is null where the file as a whole leaves it open. */
export interface EncodingError {
  readonly kind: Extract<TableProblemCode, 'invalid_bytes' | 'mixed_encodings' | 'encoding_unclear'>
  readonly encoding: TextEncoding
  readonly lines: readonly number[] | null
}

const lineFeed = 0x0a
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
const mostLines = 100

/**
 * Whether text is UTF-8 or GB18030, strictly: no byte is ever replaced, and what could be either is not guessed. Most Chinese text in
 * UTF-8 can be decoded as GB18030 too, into other characters, so that one damaged line must not turn a file of UTF-8 into one of GB18030.
 */
export function detectEncoding(bytes: Uint8Array): Result<EncodedText, EncodingError> {
  if (byteOrderMark.equals(bytes.subarray(0, 3))) {
    const rest = bytes.subarray(3)
    return isUtf8(rest) ? ok({ encoding: 'utf-8', bytes: rest }) : damaged('utf-8', rest)
  }
  if (isUtf8(bytes)) {
    if (isAlsoChinese(bytes)) return err({ kind: 'encoding_unclear', encoding: 'utf-8', lines: null })
    return ok({ encoding: 'utf-8', bytes })
  }
  const { utf8Lines, otherLines } = countLines(bytes)
  if (utf8Lines.length > otherLines.length) return damaged('utf-8', bytes)
  if (utf8Lines.length > 0)
    return err({ kind: 'mixed_encodings', encoding: 'gb18030', lines: utf8Lines.slice(0, mostLines) })
  return decodes('gb18030', bytes) ? ok({ encoding: 'gb18030', bytes }) : damaged('gb18030', bytes)
}

/** Text in pieces, so that a large file is never there twice. */
export function* decodeText({ encoding, bytes }: EncodedText): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    const text = decoder.decode(bytes.subarray(start, start + pieceBytes), { stream: true })
    if (text !== '') yield text
  }
  const rest = decoder.decode()
  if (rest !== '') yield rest
}

const pieceBytes = 64 * 1024

/** No Chinese when read as UTF-8, nothing but Chinese when read as GB18030: short files of a few words can be both. */
function isAlsoChinese(bytes: Uint8Array): boolean {
  if (bytes.length > pieceBytes || bytes.every((byte) => byte < 0x80) || !decodes('gb18030', bytes)) return false
  const beyondAscii = (encoding: TextEncoding) => new TextDecoder(encoding).decode(bytes).replaceAll(/[\0-\x7f]/g, '')
  return !/\p{Script=Han}/u.test(beyondAscii('utf-8')) && /^\p{Script=Han}+$/u.test(beyondAscii('gb18030'))
}

/** Lines beyond ASCII: those that are UTF-8 with characters of three bytes, as Chinese is, and those that are no UTF-8. */
function countLines(bytes: Uint8Array) {
  const utf8Lines: number[] = []
  const otherLines: number[] = []
  for (const { line, number } of linesOf(bytes)) {
    if (line.every((byte) => byte < 0x80)) continue
    if (!isUtf8(line)) otherLines.push(number)
    else if (line.some((byte) => byte >= 0xe0)) utf8Lines.push(number)
  }
  return { utf8Lines, otherLines }
}

function damaged(encoding: TextEncoding, bytes: Uint8Array) {
  const lines: number[] = []
  for (const { line, number } of linesOf(bytes))
    if (lines.length < mostLines && !decodes(encoding, line)) lines.push(number)
  return err<EncodingError>({ kind: 'invalid_bytes', encoding, lines })
}

/** A line feed is never a part of a longer character in either encoding. */
function* linesOf(bytes: Uint8Array): Generator<{ readonly line: Uint8Array; readonly number: number }> {
  let number = 1
  for (let start = 0; start < bytes.length; number++) {
    const found = bytes.indexOf(lineFeed, start)
    const end = found === -1 ? bytes.length : found
    yield { line: bytes.subarray(start, end), number }
    start = end + 1
  }
}

function decodes(encoding: TextEncoding, bytes: Uint8Array): boolean {
  if (encoding === 'utf-8') return isUtf8(bytes)
  try {
    for (const text of decodeText({ encoding, bytes })) if (text === '') return false
    return true
  } catch {
    return false
  }
}
