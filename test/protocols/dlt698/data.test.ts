import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import type { Dlt698Data } from '../../../protocols/dlt698/data.js'
import { decodeData } from '../../../protocols/dlt698/decode-data.js'
import { encodeData } from '../../../protocols/dlt698/encode-data.js'
import { dataValues } from './arbitraries.js'

const values: readonly [what: string, hex: string, data: Dlt698Data][] = [
  ['nothing', '00', { type: 'null' }],
  ['the smallest double-long', '0580000000', { type: 'double-long', value: -2_147_483_648n }],
  ['the largest double-long-unsigned', '06FFFFFFFF', { type: 'double-long-unsigned', value: 4_294_967_295n }],
  ['the smallest long64', '148000000000000000', { type: 'long64', value: -9_223_372_036_854_775_808n }],
  [
    'the largest long64-unsigned',
    '15FFFFFFFFFFFFFFFF',
    { type: 'long64-unsigned', value: 18_446_744_073_709_551_615n },
  ],
  ['a negative integer', '0F80', { type: 'integer', value: -128n }],
  ['a negative long', '108000', { type: 'long', value: -32_768n }],
  ['an enum', '1602', { type: 'enum', value: 2n }],
  ['a float that is no number, bit by bit', '177FC00042', { type: 'float32', hex: '7FC00042' }],
  ['nine bits', '04098080', { type: 'bit-string', bitCount: 9, hex: '8080' }],
  ['true', '0301', { type: 'bool', value: true }],
  ['octets', '0903006816', { type: 'octet-string', hex: '006816' }],
  ['letters', '0A03414243', { type: 'visible-string', hex: '414243' }],
  ['a second', '1C07E00114101B0B', { type: 'date-time-s', hex: '07E00114101B0B' }],
  ['a descriptor', '5140010200', { type: 'oad', hex: '40010200' }],
  ['a server address', '5506040000000121', { type: 'tsa', hex: '040000000121' }],
  ['a scale and a unit', '59FF21', { type: 'scaler-unit', scaler: -1, unit: 33 }],
  ['half a minute', '5400001E', { type: 'ti', interval: { unit: 0, count: 30 } }],
  [
    'voltages',
    '010212096D12096E',
    {
      type: 'array',
      elements: [
        { type: 'long-unsigned', value: 2413n },
        { type: 'long-unsigned', value: 2414n },
      ],
    },
  ],
]

for (const [what, hex, data] of values) {
  t.test(`reads and writes ${what}`, async (t) => {
    t.same(decodeData(Buffer.from(hex, 'hex')), { ok: true, value: data })
    t.equal(encodeData(data).toString('hex').toUpperCase(), hex)
  })

  t.test(`misses the rest of ${what} wherever it is cut`, async (t) => {
    const bytes = Buffer.from(hex, 'hex')
    for (let length = 0; length < bytes.length; length += 1)
      t.match(decodeData(bytes.subarray(0, length)), { ok: false })
  })
}

const defects: readonly [what: string, hex: string, kind: string][] = [
  ['no bytes', '', 'apdu_too_short'],
  ['an unknown tag', '07', 'apdu_choice_unknown'],
  ['bytes behind the value', '0000', 'apdu_bytes_left_over'],
  ['a length without a length', '0980', 'apdu_length_invalid'],
  ['a length of five bytes', '09850000000001', 'apdu_length_invalid'],
  ['more elements than bytes', '01FF', 'apdu_length_invalid'],
  ['four thousand million elements', '0184FFFFFFFF00', 'apdu_count_exceeds_bytes'],
  ['four thousand million bits', '0484FFFFFFFF00', 'apdu_too_short'],
  ['an unknown row selector', '5A0B', 'apdu_choice_unknown'],
  ['an unknown meter set', '5C08', 'apdu_choice_unknown'],
  ['arrays in arrays without end', `${'0101'.repeat(40)}00`, 'apdu_nested_too_deep'],
]

for (const [what, hex, kind] of defects) {
  t.test(`refuses ${what} as ${kind}`, async (t) => {
    t.match(decodeData(Buffer.from(hex, 'hex')), { ok: false, error: { kind } })
  })
}

t.test('accepts a length in more bytes than it needs', async (t) => {
  t.same(decodeData(Buffer.from('098103006816', 'hex')), { ok: true, value: { type: 'octet-string', hex: '006816' } })
})

t.test('writes a length above 127 in two or three bytes', async (t) => {
  t.equal(
    encodeData({ type: 'octet-string', hex: '41'.repeat(128) })
      .subarray(0, 3)
      .toString('hex'),
    '098180',
  )
  t.equal(
    encodeData({ type: 'octet-string', hex: '41'.repeat(300) })
      .subarray(0, 4)
      .toString('hex'),
    '0982012c',
  )
})

t.test('refuses to write what a type cannot hold', async (t) => {
  t.throws(() => encodeData({ type: 'unsigned', value: 256n }))
  t.throws(() => encodeData({ type: 'unsigned', value: -1n }))
  t.throws(() => encodeData({ type: 'oad', hex: '0010' }))
})

t.test('decodes what it encodes, whatever the type', async (t) => {
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(dataValues, (data) => {
          const bytes = encodeData(data)
          const decoded = decodeData(bytes)
          return decoded.ok && encodeData(decoded.value).equals(bytes) && isDeepStrictEqual(decoded.value, data)
        }),
        { seed: 698, numRuns: 500 },
      ),
    '500 values',
  )
})

t.test('answers any bytes without throwing', async (t) => {
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
          const decoded = decodeData(bytes)
          return !decoded.ok || decodeData(encodeData(decoded.value)).ok
        }),
        { seed: 698, numRuns: 3000 },
      ),
    '3000 inputs',
  )
})

t.test('spends no longer on nested noise than its bytes allow', async (t) => {
  const noise = Buffer.alloc(16_000, 0x01)
  t.match(decodeData(noise), { ok: false })
  t.match(decodeData(Buffer.concat([Buffer.from('01823e7f', 'hex'), Buffer.alloc(15_999)])), { ok: true })
})
