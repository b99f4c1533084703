import { isUtf8 } from 'node:buffer'
import { err, ok, type Result, unreachable } from '../../domain/result.js'

/**
 * JSON whose numbers stay the text that was sent: a JavaScript number would turn 12345678901234567890 or 0.1 into something else.
 * `offset` is the byte at which the value begins.
 */
export type JsonNode =
  | { readonly kind: 'object'; readonly offset: number; readonly members: ReadonlyMap<string, JsonNode> }
  | { readonly kind: 'array'; readonly offset: number; readonly elements: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly offset: number; readonly text: string }
  | { readonly kind: 'number'; readonly offset: number; readonly text: string }
  | { readonly kind: 'literal'; readonly offset: number; readonly value: boolean | null }

export type JsonError =
  | { readonly kind: 'payload_not_json'; readonly offset: number }
  | { readonly kind: 'payload_too_deep'; readonly offset: number; readonly limit: number }
  | { readonly kind: 'too_many_values'; readonly offset: number; readonly limit: number }
  /** One name twice in one object: which one counts would be a guess. */
  | { readonly kind: 'duplicate_member'; readonly offset: number }

export const maxJsonDepth = 16
/** A full upload of 1000 items with a dozen fields each stays below it. */
export const maxJsonValues = 20_000

const quote = 0x22
const backslash = 0x5c
const firstPrintable = 0x20
const blanks = new Set([0x20, 0x09, 0x0a, 0x0d])
const numberBytes = new Set(Buffer.from('+-.0123456789Ee'))
const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const literals = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

/** Thrown and caught in this file only: it leaves a nest of readers at once. */
class Stopped extends Error {
  readonly error: JsonError
  constructor(error: JsonError) {
    super(error.kind)
    this.error = error
  }
}

/** Reads one JSON document (RFC 8259) in UTF-8. The number of bytes is bounded by the caller, depth and number of values here. */
export function parseExactJson(bytes: Buffer): Result<JsonNode, JsonError> {
  try {
    return ok(readDocument(bytes))
  } catch (error) {
    if (error instanceof Stopped) return err(error.error)
    throw error
  }
}

function readDocument(bytes: Buffer): JsonNode {
  let at = 0
  let values = 0

  function fail(offset = at): never {
    throw new Stopped({ kind: 'payload_not_json', offset: Math.min(offset, bytes.length) })
  }

  function skipBlanks(): void {
    while (blanks.has(bytes[at] ?? 0)) at += 1
  }

  function take(character: string): boolean {
    if (bytes[at] !== character.charCodeAt(0)) return false
    at += 1
    skipBlanks()
    return true
  }

  function readValue(depth: number): JsonNode {
    values += 1
    if (values > maxJsonValues) throw new Stopped({ kind: 'too_many_values', offset: at, limit: maxJsonValues })
    if (depth > maxJsonDepth) throw new Stopped({ kind: 'payload_too_deep', offset: at, limit: maxJsonDepth })
    const node = readBareValue(depth)
    skipBlanks()
    return node
  }

  function readBareValue(depth: number): JsonNode {
    const offset = at
    if (take('{')) return { kind: 'object', offset, members: readMembers(depth) }
    if (take('[')) return { kind: 'array', offset, elements: readElements(depth) }
    if (bytes[at] === quote) return { kind: 'string', offset, text: readString() }
    for (const [word, value] of literals) {
      if (bytes.toString('latin1', at, at + word.length) !== word) continue
      at += word.length
      return { kind: 'literal', offset, value }
    }
    return { kind: 'number', offset, text: readNumber() }
  }

  function readMembers(depth: number): ReadonlyMap<string, JsonNode> {
    const members = new Map<string, JsonNode>()
    if (take('}')) return members
    do {
      const offset = at
      if (bytes[at] !== quote) fail()
      const name = readString()
      skipBlanks()
      if (members.has(name)) throw new Stopped({ kind: 'duplicate_member', offset })
      if (!take(':')) fail()
      members.set(name, readValue(depth + 1))
    } while (take(','))
    // The blanks behind the bracket are skipped twice at most.
    if (!take('}')) fail()
    return members
  }

  function readElements(depth: number): readonly JsonNode[] {
    const elements: JsonNode[] = []
    if (take(']')) return elements
    do elements.push(readValue(depth + 1))
    while (take(','))
    if (!take(']')) fail()
    return elements
  }

  function readString(): string {
    const start = at
    let hasEscapes = false
    at += 1
    while (bytes[at] !== quote) {
      const byte = bytes[at]
      if (byte === undefined || byte < firstPrintable) fail()
      if (byte === backslash) hasEscapes = true
      at += byte === backslash ? 2 : 1
    }
    at += 1
    const slice = bytes.subarray(start, at)
    if (!isUtf8(slice)) fail(start)
    const text = slice.toString('utf8')
    return hasEscapes ? unescaped(text, start) : text.slice(1, -1)
  }

  function unescaped(text: string, offset: number): string {
    try {
      return String(JSON.parse(text))
    } catch {
      return fail(offset)
    }
  }

  function readNumber(): string {
    const start = at
    while (numberBytes.has(bytes[at] ?? 0)) at += 1
    const text = bytes.toString('latin1', start, at)
    return numberPattern.test(text) ? text : fail(start)
  }

  skipBlanks()
  const document = readValue(1)
  return at === bytes.length ? document : fail()
}

/** Text of a document; numbers go out as the text they are. */
export function formatExactJson(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return `{${[...node.members].map(([name, value]) => `${JSON.stringify(name)}:${formatExactJson(value)}`).join(',')}}`
    case 'array':
      return `[${node.elements.map(formatExactJson).join(',')}]`
    case 'string':
      return JSON.stringify(node.text)
    case 'number':
      return node.text
    case 'literal':
      return String(node.value)
    default:
      return unreachable(node)
  }
}
