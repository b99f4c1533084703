import t from 'tap'
import {
  encodeReceipt,
  encodeUpload,
  maxPayloadBytes,
  parseReceipt,
  parseUpload,
} from '../../../protocols/concentrator/messages.js'

const frame = Buffer.from('6861010000000068910833333433593333338a16', 'hex')

t.test('uploads and receipts go both ways', async (t) => {
  const upload = { concentrator: 'C001', batch: 7, items: [{ frame }] }
  t.strictSame(parseUpload(encodeUpload(upload)), { ok: true, value: upload })
  const receipt = { concentrator: 'C001', batch: 7 }
  t.strictSame(parseReceipt(encodeReceipt(receipt)), { ok: true, value: receipt })
})

const uploads: readonly [payload: string, error: unknown][] = [
  ['{"concentrator":', { kind: 'payload_not_json' }],
  ['[]', { kind: 'payload_malformed', field: '' }],
  ['{"concentrator":"C001","batch":1.5,"items":[{"frame":"68"}]}', { kind: 'payload_malformed', field: 'batch' }],
  ['{"concentrator":"C001","batch":1,"items":[]}', { kind: 'payload_malformed', field: 'items' }],
  ['{"concentrator":"C001","batch":1,"items":[{"frame":"6"}]}', { kind: 'payload_malformed', field: 'items.0.frame' }],
  ['{"concentrator":"","batch":1,"items":[{"frame":"68"}]}', { kind: 'payload_malformed', field: 'concentrator' }],
  [' '.repeat(maxPayloadBytes + 1), { kind: 'payload_too_long' }],
]

for (const [payload, error] of uploads) {
  t.test(`refuses ${payload.slice(0, 60)} as ${JSON.stringify(error)}`, async (t) => {
    t.strictSame(parseUpload(Buffer.from(payload)), { ok: false, error })
  })
}

t.test('ignores fields that a concentrator adds on its own', async (t) => {
  const payload = '{"concentrator":"C001","batch":1,"signal":-71,"items":[{"frame":"68","port":2}]}'
  t.strictSame(parseUpload(Buffer.from(payload)), {
    ok: true,
    value: { concentrator: 'C001', batch: 1, items: [{ frame: Buffer.from([0x68]) }] },
  })
})
