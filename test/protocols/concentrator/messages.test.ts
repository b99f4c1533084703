import { deepStrictEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { maxPayloadBytes } from '../../../protocols/concentrator/carried-frames.js'
import { decodeEnvelope } from '../../../protocols/concentrator/envelope.js'
import { ownEnvelope } from '../../../protocols/concentrator/envelope-profiles.js'
import { encodeReceipt, encodeUpload, parseReceipt, parseUpload } from '../../../protocols/concentrator/messages.js'

const frame = Buffer.from('6861010000000068910833333433593333338a16', 'hex')

t.test('uploads and receipts go both ways', async (t) => {
  const upload = { concentrator: 'C001', batch: 7, items: [{ frame }] }
  t.strictSame(parseUpload(encodeUpload(upload)), { ok: true, value: upload })
  const receipt = { concentrator: 'C001', batch: 7 }
  t.strictSame(parseReceipt(encodeReceipt(receipt)), { ok: true, value: receipt })
})

const uploads: readonly [payload: string | Buffer, error: unknown][] = [
  ['', { kind: 'payload_empty', offset: 0 }],
  ['{"concentrator":', { kind: 'payload_not_json', offset: 16 }],
  ['[]', { kind: 'payload_malformed', offset: 0, field: 'items[].frame' }],
  [
    '{"concentrator":"C001","batch":1.5,"items":[{"frame":"68"}]}',
    { kind: 'payload_malformed', offset: 31, field: 'batch' },
  ],
  ['{"concentrator":"C001","batch":1,"items":[{"frame":"6"}]}', { kind: 'not_hexadecimal', offset: 51 }],
  ['{"concentrator":"C001","batch":1,"items":[{"frame":"6x"}]}', { kind: 'not_hexadecimal', offset: 51 }],
  ['{"concentrator":"C001","batch":1,"items":[{"frame":""}]}', { kind: 'no_frame', offset: 51 }],
  [
    '{"concentrator":"","batch":1,"items":[{"frame":"68"}]}',
    { kind: 'payload_malformed', offset: 16, field: 'concentrator' },
  ],
  [' '.repeat(maxPayloadBytes + 1), { kind: 'payload_too_long', offset: maxPayloadBytes, limit: maxPayloadBytes }],
  [
    '{"concentrator":"C001","batch":1,"items":[{"frame":"68"}],"items":[{"frame":"69"}]}',
    { kind: 'duplicate_member', offset: 58 },
  ],
  ['{"concentrator":"C001","batch":1,"batch":2,"items":[{"frame":"68"}]}', { kind: 'duplicate_member', offset: 33 }],
  [
    '{"concentrator":"C002","concentrator":"C001","batch":1,"items":[{"frame":"68"}]}',
    { kind: 'duplicate_member', offset: 23 },
  ],
  ['{"concentrator":"C001","batch":1,"items":[{"frame":"68","frame":"69"}]}', { kind: 'duplicate_member', offset: 56 }],
  [
    '{"concentrator":"C001","batch":1,"items":[{"frame":"68"}],"it\\u0065ms":[{"frame":"69"}]}',
    { kind: 'duplicate_member', offset: 58 },
  ],
  [
    Buffer.from('{"concentrator":"C\u00ff","batch":1,"items":[{"frame":"68"}]}', 'latin1'),
    { kind: 'payload_not_json', offset: 16 },
  ],
]

for (const [payload, error] of uploads) {
  t.test(`refuses ${payload.toString().slice(0, 90)} as ${JSON.stringify(error)}`, async (t) => {
    t.strictSame(parseUpload(Buffer.from(payload)), { ok: false, error })
  })
}

t.test('an upload of another device is refused, whatever else is wrong with it', async (t) => {
  const payload = '{"concentrator":"C002","batch":1,"items":[{"frame":"68"}]}'
  t.strictSame(parseUpload(Buffer.from(payload), 'C001'), {
    ok: false,
    error: { kind: 'wrong_concentrator', offset: 16 },
  })
  t.strictSame(parseUpload(Buffer.from(payload.replace('"68"', '5')), 'C001'), {
    ok: false,
    error: { kind: 'wrong_concentrator', offset: 16 },
  })
})

t.test('receipts say one thing only, too', async (t) => {
  t.strictSame(parseReceipt(Buffer.from('{"concentrator":"C001","batch":1,"batch":2}')), {
    ok: false,
    error: { kind: 'duplicate_member' },
  })
})

t.test('ignores fields that a concentrator adds on its own', async (t) => {
  const payload = '{"concentrator":"C001","batch":1,"signal":-71,"items":[{"frame":"68","port":2}]}'
  t.strictSame(parseUpload(Buffer.from(payload)), {
    ok: true,
    value: { concentrator: 'C001', batch: 1, items: [{ frame: Buffer.from([0x68]) }] },
  })
})

const bytesOfText = fc.stringMatching(/^[0-9A-Fa-f]{0,40}$/)
const anyName = fc.oneof(
  { weight: 20, arbitrary: fc.constant('C001') },
  fc.string({ maxLength: 6 }),
  fc.string({ minLength: 120, maxLength: 140 }),
)
const anyValue = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    '5',
    '-1',
    '1.0',
    '1e3',
    '007',
    '999999999999999',
    '1234567890123456',
    '""',
    '[]',
    '{}',
  ),
  bytesOfText.map((text) => `"${text}"`),
  anyName.map((name) => JSON.stringify(name)),
)
const oftenRight = (right: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: anyValue })
const anyHex = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  },
  bytesOfText,
  fc.constantFrom('FEFEFE6816', 'fe', '68 16', '68\\n16', '6'.repeat(600), '\\u00368', 'é8'),
)
const anyItem = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(
        oftenRight(anyHex.map((digits) => `"${digits}"`)),
        fc.constantFrom('', '', '', '', ',"port":2', ',"frame":"68"'),
      )
      .map(([digits, more]) => `{"frame":${digits}${more}}`),
  },
  anyValue,
)
const anyUpload = fc
  .tuple(
    oftenRight(anyName.map((name) => JSON.stringify(name))),
    oftenRight(fc.oneof({ weight: 9, arbitrary: fc.nat() }, fc.maxSafeNat()).map(String)),
    oftenRight(fc.array(anyItem, { maxLength: 4 }).map((items) => `[${items.join(',')}]`)),
    fc.constantFrom(
      '',
      '',
      '',
      '',
      ',"signal":-71',
      ',"batch":9',
      ',"items":[]',
      ',"concentrator":"C001"',
      ' ',
      '}',
      '\n',
    ),
    fc.constantFrom('', '', '', '', ' ', '\n', '\uFEFF', ',', 'x'),
  )
  .map(([concentrator, batch, items, more, behind]) =>
    Buffer.from(`{"concentrator":${concentrator},"batch":${batch},"items":${items}${more}}${behind}`),
  )
const someMutations = fc.array(
  fc.record({ at: fc.nat(), kind: fc.constantFrom('set', 'insert', 'remove', 'cut', 'swap'), byte: fc.nat(255) }),
  { maxLength: 3 },
)

const anyMutation = fc.oneof(fc.constant([]), someMutations)

function mutated(
  payload: Buffer,
  mutations: readonly { readonly at: number; readonly kind: string; readonly byte: number }[],
): Buffer {
  let bytes = [...payload]
  for (const { at, kind, byte } of mutations) {
    const index = bytes.length === 0 ? 0 : at % bytes.length
    const [here = byte, next = byte] = bytes.slice(index)
    if (kind === 'set') bytes = bytes.toSpliced(index, 1, byte)
    if (kind === 'insert') bytes = bytes.toSpliced(index, 0, byte)
    if (kind === 'remove') bytes = bytes.toSpliced(index, 1)
    if (kind === 'cut') bytes = bytes.slice(0, index)
    if (kind === 'swap') bytes = bytes.toSpliced(index, 2, next, here)
  }
  return Buffer.from(bytes)
}

t.test(
  'the quick reader and the one by profile say the same of every document: taken, content and reason',
  async (t) => {
    let taken = 0
    fc.assert(
      fc.property(anyUpload, anyMutation, (document, mutations) => {
        const payload = mutated(document, mutations)
        const quick = parseUpload(payload, 'C001')
        const byProfile = decodeEnvelope(ownEnvelope, 'metering/C001/up', payload)
        if (!quick.ok || !byProfile.ok) return deepStrictEqual(quick, byProfile)
        taken += 1
        const { concentrator, messageId, frames } = byProfile.value
        const items = frames.map(({ bytes }) => ({ frame: bytes }))
        return deepStrictEqual(quick.value, { concentrator, batch: Number(messageId), items })
      }),
      { numRuns: 5000, seed: 4 },
    )
    t.ok(taken > 400, `${taken} of 5000 were uploads`)
  },
)
