import t from 'tap'
import { decodeFrame, type Frame } from '../../../protocols/dlt645/frame.js'
import { parseMessage } from '../../../protocols/dlt645/message.js'
import {
  encodeDataReply,
  encodeReadRequest,
  encodeRefusal,
  parseReply,
} from '../../../protocols/dlt645/messages-2007.js'

const address = '000000000161'

t.test('writes the published read of 00010000', async (t) => {
  t.equal(encodeReadRequest(address, '00010000').toString('hex'), '68610100000000681104333334331416')
})

t.test('reads the published reply, identifier high byte first', async (t) => {
  const reply = parseReply(frameOf('6861010000000068910833333433593333338a16'))
  t.strictSame(reply, {
    ok: true,
    value: {
      kind: 'data',
      address,
      dataIdentifier: '00010000',
      payload: Buffer.from('26000000', 'hex'),
      followUp: false,
    },
  })
})

t.test('a meter reads what a master writes, and the reverse', async (t) => {
  const request = parseMessage(frameOf(encodeReadRequest(address, '05060101')))
  t.match(request, { direction: 'request', function: 'read', address, dataIdentifier: '05060101' })
  const payload = Buffer.from('0102030405', 'hex')
  t.match(parseReply(frameOf(encodeDataReply(address, '05060101', payload))), {
    ok: true,
    value: { kind: 'data', dataIdentifier: '05060101', payload, followUp: false },
  })
})

t.test('names every reason of a refusal', async (t) => {
  t.match(parseReply(frameOf(encodeRefusal(address, ['no_such_data', 'too_many_tariffs']))), {
    ok: true,
    value: { kind: 'refused', address, reasons: ['no_such_data', 'too_many_tariffs'] },
  })
  t.match(parseReply({ address, controlCode: 0xd1, data: Buffer.from([0x7f]) }), {
    value: {
      reasons: [
        'other',
        'no_such_data',
        'unauthorised',
        'rate_locked',
        'too_many_year_zones',
        'too_many_day_slots',
        'too_many_tariffs',
      ],
    },
  })
})

const replies: readonly [what: string, controlCode: number, data: string, outcome: unknown][] = [
  ['B1H', 0xb1, '0000010099', { ok: true, value: { kind: 'data', followUp: true } }],
  ['our own request echoed', 0x11, '00000100', { ok: false, error: { kind: 'not_a_reply' } }],
  ['a reply to a write', 0x94, '', { ok: false, error: { kind: 'unexpected_control_code', controlCode: 0x94 } }],
  ['data without an identifier', 0x91, '000001', { ok: false, error: { kind: 'malformed_reply' } }],
  ['a refusal without a reason byte', 0xd1, '', { ok: false, error: { kind: 'malformed_reply' } }],
]

for (const [what, controlCode, data, outcome] of replies) {
  t.test(`as a reply, ${what} is ${JSON.stringify(outcome)}`, async (t) => {
    t.match(parseReply({ address, controlCode, data: Buffer.from(data, 'hex') }), outcome)
  })
}

function frameOf(bytes: string | Buffer): Frame {
  const decoded = decodeFrame(typeof bytes === 'string' ? Buffer.from(bytes, 'hex') : bytes)
  if (!decoded.ok) throw new Error(decoded.error.kind)
  return decoded.value
}
