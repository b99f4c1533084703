import t from 'tap'
import { encodeMessage, type Message } from '../../../protocols/dlt645/message.js'
import { encodeDlt698 } from '../../../protocols/dlt698/frame.js'
import { encodeSegment, segmentsOf } from '../../../protocols/dlt698/segments.js'
import { singleServer } from '../../../protocols/dlt698/whole-frame.js'
import { inspectStream } from '../../../protocols/inspection/inspect-stream.js'

const request = '68610100000000681104333334331416'
const reply = '6861010000000068910833333433593333338a16'
const forward =
  '68e200e200684b000234120410e0000001001f6bbc0a100068611001301215681104333334337b1600000000000000000000000000000000001351232105a116'

const streams: readonly [what: string, hex: string, expected: object][] = [
  [
    'an echo and its answer',
    request + reply,
    { ok: true, frames: [{ direction: 'request' }, { direction: 'reply', offset: 16 }], discardedBytes: 0 },
  ],
  [
    'wake-up bytes and noise',
    `fefe${reply}0d0a`,
    { ok: true, frames: [{ offset: 2, values: [{ value: '0.26', unit: 'kWh', state: 'ok' }] }], discardedBytes: 2 },
  ],
  [
    'a good frame behind a truncated one',
    reply.slice(0, 30) + reply,
    { ok: true, frames: [{ offset: 15 }], discardedBytes: 15 },
  ],
  [
    'an envelope',
    forward,
    {
      ok: true,
      frames: [
        {
          protocol: 'gdw1376.1',
          address: '02001234',
          afn: '10',
          fn: 1,
          inner: { address: '151230011061', offset: 24 },
        },
      ],
    },
  ],
  [
    'a wrong checksum',
    '68610100000000681104333334331516',
    { ok: false, error: { kind: 'checksum_mismatch', offset: 0, expected: 0x14, actual: 0x15 } },
  ],
  ['a missing end', '68610100000000681104333334331417', { ok: false, error: { kind: 'end_missing' } }],
  [
    'a frame cut short',
    `fe${request.slice(0, 26)}`,
    { ok: false, error: { kind: 'length_mismatch', offset: 1, expected: 16, actual: 13 } },
  ],
  ['half a header', '6861010000', { ok: false, error: { kind: 'frame_too_short' } }],
  ['no start at all', '0102030405', { ok: false, error: { kind: 'start_missing', offset: 0 } }],
  ['a function that nobody knows', '68610100000000681e0150a216', { ok: false }],
]

for (const [what, hex, expected] of streams) {
  t.test(`${what} is said as such`, async (t) => {
    t.match(inspectStream(Buffer.from(hex, 'hex')), expected)
  })
}

t.test('an unknown function is a frame without an edition', async (t) => {
  const bytes = Buffer.from('6861010000000068c501330016', 'hex')
  bytes[11] = bytes.subarray(0, 11).reduce((sum, byte) => (sum + byte) & 0xff, 0)
  t.match(inspectStream(bytes), { frames: [{ protocol: 'dlt645', dataIdentifier: null, values: [], payload: '00' }] })
})

t.test('the edition can be forced', async (t) => {
  const bytes = Buffer.from(reply, 'hex')
  t.match(inspectStream(bytes, { edition: '1997' }), { frames: [{ protocol: 'dlt645', values: [] }] })
})

t.test('the last of an answer’s parts shows the whole', async (t) => {
  const head = { edition: '2007', address: '000000000161', direction: 'reply', dataIdentifier: '0001FF00' } as const
  const parts: readonly Message[] = [
    { ...head, function: 'read', outcome: 'more', payload: Buffer.from('00010000', 'hex') },
    { ...head, function: 'read_follow_up', outcome: 'more', payload: Buffer.from('0002000001', 'hex') },
    { ...head, function: 'read_follow_up', outcome: 'good', payload: Buffer.from('0003000002', 'hex') },
  ]
  const report = inspectStream(Buffer.concat(parts.map((each) => encodeMessage(each))))
  t.match(report, {
    frames: [
      { followUp: true, values: [{ value: '1.00' }] },
      { followUp: true, values: [{ name: 'sequence', value: '1' }] },
      {
        followUp: false,
        values: [{ value: '1.00' }, { value: '2.00' }, { value: '3.00' }, { name: 'sequence', value: '2' }],
      },
    ],
  })
})

t.test(
  'further parts of the 1997 edition, which have no number, show nothing alone and the whole at the end',
  async (t) => {
    const head = { edition: '1997', address: '000000000161', direction: 'reply', dataIdentifier: '901F' } as const
    const parts: readonly Message[] = [
      { ...head, function: 'read', outcome: 'more', payload: Buffer.from('26000000', 'hex') },
      { ...head, function: 'read_follow_up', outcome: 'more', payload: Buffer.from('27000000', 'hex') },
      { ...head, function: 'read_follow_up', outcome: 'good', payload: Buffer.from('28000000', 'hex') },
    ]
    const whole = inspectStream(Buffer.concat(parts.map((each) => encodeMessage(each))))
    const values = whole.ok ? whole.frames.map((frame) => frame.values.map(({ value }) => value)) : []
    t.same(values, [['0.26'], [], ['0.26', '0.27', '0.28']])
    const alone = inspectStream(Buffer.concat(parts.slice(2).map((each) => encodeMessage(each))))
    t.same(alone.ok ? alone.frames[0]?.values : null, [])
  },
)

t.test('another meter that talks between the parts does not hide the whole', async (t) => {
  const head = { edition: '2007', address: '000000000161', direction: 'reply', dataIdentifier: '0001FF00' } as const
  const first = encodeMessage({ ...head, function: 'read', outcome: 'more', payload: Buffer.from('00010000', 'hex') })
  const other = encodeMessage({
    ...head,
    address: '000000000162',
    function: 'read',
    outcome: 'good',
    payload: Buffer.from('00090000', 'hex'),
  })
  const last = encodeMessage({
    ...head,
    function: 'read_follow_up',
    outcome: 'good',
    payload: Buffer.from('0002000001', 'hex'),
  })
  t.match(inspectStream(Buffer.concat([first, other, last])), {
    frames: [{}, { values: [{ value: '9.00' }] }, { values: [{ value: '1.00' }, { value: '2.00' }, {}] }],
  })
})

t.test('the last segment of a DL/T 698.45 answer shows what the whole says', async (t) => {
  const apdu = Buffer.from('8501 01 0010 0201 01 06 0000 0005 00 00'.replaceAll(' ', ''), 'hex')
  const frames = segmentsOf(apdu, 5).map((segment) =>
    encodeDlt698({
      controlCode: 0xe3,
      server: singleServer('202600000001'),
      clientAddress: 0,
      userData: encodeSegment(segment),
    }),
  )
  const report = inspectStream(Buffer.concat(frames))
  t.match(report, {
    frames: [
      { followUp: true, values: [] },
      { followUp: true, values: [] },
      {
        followUp: false,
        dataIdentifier: '00100201',
        values: [{ name: 'forwardActiveEnergyTotal', value: '0.05', unit: 'kWh', state: 'ok' }],
      },
    ],
  })
  const torn = inspectStream(Buffer.concat([frames[0] ?? Buffer.alloc(0), frames[2] ?? Buffer.alloc(0)]))
  t.same(torn.ok ? torn.frames[1]?.values : null, [], 'a segment is missing')
})
