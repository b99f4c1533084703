import fc from 'fast-check'
import t from 'tap'
import { unreachable } from '../../../domain/result.js'
import {
  formatExactJson,
  type JsonNode,
  maxJsonDepth,
  maxJsonValues,
  parseExactJson,
} from '../../../protocols/concentrator/exact-json.js'

t.test('reads what JSON.parse reads, and writes it back', async (t) => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false, maxDepth: 8 }), (text) => {
      const parsed = parseExactJson(Buffer.from(text))
      if (!parsed.ok) return parsed.error.kind === 'duplicate_member'
      t.strictSame(toValue(parsed.value), JSON.parse(text), text)
      t.strictSame(JSON.parse(formatExactJson(parsed.value)), JSON.parse(text))
      return true
    }),
    { seed: 1, numRuns: 500 },
  )
})

const numbers = ['0.1', '12345678901234567890', '1e400', '-0', '1.50', '123456.78000000000000000001']

for (const number of numbers) {
  t.test(`the number ${number} stays what it is`, async (t) => {
    t.strictSame(parseExactJson(Buffer.from(` ${number} `)), {
      ok: true,
      value: { kind: 'number', offset: 1, text: number },
    })
  })
}

const broken: readonly [text: string | Buffer, error: unknown][] = [
  ['', { kind: 'payload_not_json', offset: 0 }],
  ['{"a":1', { kind: 'payload_not_json', offset: 6 }],
  ['{"":",\\', { kind: 'payload_not_json', offset: 7 }],
  ['{"a" 1}', { kind: 'payload_not_json', offset: 5 }],
  ['{a:1}', { kind: 'payload_not_json', offset: 1 }],
  ['[1,]', { kind: 'payload_not_json', offset: 3 }],
  ['[1 2]', { kind: 'payload_not_json', offset: 3 }],
  ['01', { kind: 'payload_not_json', offset: 0 }],
  ['[+1]', { kind: 'payload_not_json', offset: 1 }],
  ['[NaN]', { kind: 'payload_not_json', offset: 1 }],
  ['[1.]', { kind: 'payload_not_json', offset: 1 }],
  ['{} {}', { kind: 'payload_not_json', offset: 3 }],
  ['"a', { kind: 'payload_not_json', offset: 2 }],
  ['["\\x"]', { kind: 'payload_not_json', offset: 1 }],
  ['["a\u0001"]', { kind: 'payload_not_json', offset: 3 }],
  [Buffer.from([0x22, 0xff, 0x22]), { kind: 'payload_not_json', offset: 0 }],
  ['{"a":1,"a":2}', { kind: 'duplicate_member', offset: 7 }],
  ['{"a":1,"\\u0061":2}', { kind: 'duplicate_member', offset: 7 }],
  ['['.repeat(100_000), { kind: 'payload_too_deep', offset: maxJsonDepth, limit: maxJsonDepth }],
  [`[${'1,'.repeat(50_000)}1]`, { kind: 'too_many_values', offset: 2 * maxJsonValues - 1, limit: maxJsonValues }],
]

for (const [text, error] of broken) {
  t.test(`refuses ${JSON.stringify(text.toString('latin1').slice(0, 30))}`, async (t) => {
    t.strictSame(parseExactJson(Buffer.from(text as string)), { ok: false, error })
  })
}

t.test('any bytes are a document or a named error with an offset inside of them', async () => {
  const pieces = fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '1', 'e', 'true', ' ', '\u0000', '电')
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each)),
    fc.array(pieces, { maxLength: 60 }).map((each) => Buffer.from(each.join(''))),
  )
  fc.assert(
    fc.property(bytes, (each) => {
      const parsed = parseExactJson(each)
      return parsed.ok || (parsed.error.offset >= 0 && parsed.error.offset <= each.length + 1)
    }),
    { seed: 1, numRuns: 5000 },
  )
})

function toValue(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object': {
      // A member named __proto__ is a member like any other.
      const value: object = {}
      for (const [name, each] of node.members)
        Object.defineProperty(value, name, {
          value: toValue(each),
          enumerable: true,
          configurable: true,
          writable: true,
        })
      return value
    }
    case 'array':
      return node.elements.map(toValue)
    case 'string':
      return node.text
    case 'number':
      return Number(node.text)
    case 'literal':
      return node.value
    default:
      return unreachable(node)
  }
}
