import t from 'tap'
import { encodeFrameText } from '../../../protocols/inspection/frame-spec.js'
import { inspectStream } from '../../../protocols/inspection/inspect-stream.js'

const written: readonly [what: string, spec: object, hex: string][] = [
  [
    'a read',
    { address: '161', controlCode: '11', dataIdentifier: '00010000', payload: '' },
    '68610100000000681104333334331416',
  ],
  [
    'wake-up bytes',
    { address: '161', controlCode: '11', dataIdentifier: '00010000', payload: '', wakeUpBytes: 2 },
    'fefe68610100000000681104333334331416',
  ],
  [
    'a reply from its values',
    { address: '161', controlCode: '91', dataIdentifier: '00010000', values: [{ value: '0.26' }] },
    '6861010000000068910833333433593333338a16',
  ],
  [
    'a trip from its values',
    {
      address: '151230011061',
      controlCode: '1C',
      values: ['02', '020637', '00000001', '1A', '2099-12-30T00:00:00'].map((value) => ({ value })),
    },
    '68611001301215681c10356a3935343333334d333333336345cc2c16',
  ],
  [
    'a read of 1997',
    { protocol: 'dlt645-1997', address: '999999999999', controlCode: '01', dataIdentifier: '9010', payload: '' },
    '6899999999999968010243c36f16',
  ],
]

for (const [what, spec, hex] of written) {
  t.test(`writes ${what}`, async (t) => {
    const encoded = encodeFrameText(JSON.stringify(spec))
    t.equal(encoded.ok ? encoded.value.toString('hex') : encoded.error.kind, hex)
  })
}

t.test('an envelope and a DL/T 698.45 read say what they were asked to', async (t) => {
  const inner = { address: '151230011061', controlCode: '11', dataIdentifier: '00010000', payload: '' }
  const forward = encodeFrameText(JSON.stringify({ protocol: 'gdw1376.1', address: '02001234', inner }))
  t.match(forward.ok && inspectStream(forward.value), {
    frames: [{ address: '02001234', afn: '10', inner: { dataIdentifier: '00010000' } }],
  })
  const record = encodeFrameText(
    JSON.stringify({ protocol: 'dlt698.45', address: '202600000001', record: '50040200', rows: { place: 1 } }),
  )
  t.match(record.ok && inspectStream(record.value), {
    frames: [{ address: '202600000001', dataIdentifier: '50040200' }],
  })
})

const refused: readonly [what: string, text: string, error: object][] = [
  ['what is no JSON', '{', { kind: 'spec_malformed' }],
  ['no control code', '{"address":"1"}', { kind: 'spec_malformed', field: 'controlCode' }],
  [
    'a value that the item cannot hold',
    '{"address":"1","controlCode":"91","dataIdentifier":"00010000","values":[{"value":"0.123"}]}',
    { kind: 'values_do_not_fit' },
  ],
  [
    'too many values',
    '{"address":"1","controlCode":"93","values":[{"value":"1"},{"value":"2"}]}',
    { kind: 'values_do_not_fit' },
  ],
  [
    'more data than a length byte can say',
    `{"address":"1","controlCode":"91","dataIdentifier":"00010000","payload":"${'00'.repeat(252)}"}`,
    { kind: 'frame_too_long' },
  ],
  ['a number that is none', '{"address":"12AB","controlCode":"11"}', { kind: 'address_invalid' }],
  [
    'two reads in one',
    '{"protocol":"dlt698.45","address":"202600000001","read":["00100200"],"record":"50040200"}',
    { kind: 'spec_malformed' },
  ],
]

for (const [what, text, error] of refused) {
  t.test(`refuses ${what}`, async (t) => {
    t.match(encodeFrameText(text), { ok: false, error })
  })
}
