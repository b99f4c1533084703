import t from 'tap'
import {
  encodeException,
  encodeReadReply,
  encodeTcpAdu,
  parseReadRequest,
  takeTcpAdu,
} from '../../../protocols/modbus/tcp-adu.js'

const request = Buffer.from('0007000000060503000a000a', 'hex')

t.test('takes one message at a time off a stream', async (t) => {
  const first = takeTcpAdu(Buffer.concat([request, request.subarray(0, 8)]))
  t.match(first, { ok: true, value: { adu: { transactionId: 7, unitId: 5, pdu: Buffer.from('03000a000a', 'hex') } } })
  if (first.ok && first.value !== null) t.strictSame(takeTcpAdu(first.value.rest), { ok: true, value: null })
})

t.test('refuses a stream that is not Modbus', async (t) => {
  t.match(takeTcpAdu(Buffer.from('00070001000605030000000a', 'hex')), {
    ok: false,
    error: { kind: 'protocol_not_modbus' },
  })
  t.match(takeTcpAdu(Buffer.from('0007000000ff0503', 'hex')), { ok: false, error: { kind: 'length_out_of_range' } })
  t.match(takeTcpAdu(Buffer.from('0007000000010503', 'hex')), { ok: false, error: { kind: 'length_out_of_range' } })
})

const requests: readonly [pdu: string, outcome: unknown][] = [
  ['03000a000a', { ok: true, value: { function: 3, start: 10, count: 10 } }],
  ['040000007d', { ok: true, value: { function: 4, start: 0, count: 125 } }],
  ['06000a000a', { ok: false, error: { kind: 'illegal_function' } }],
  ['03000a0000', { ok: false, error: { kind: 'illegal_data_value' } }],
  ['03000a007e', { ok: false, error: { kind: 'illegal_data_value' } }],
  ['03000a', { ok: false, error: { kind: 'illegal_data_value' } }],
]

for (const [pdu, outcome] of requests) {
  t.test(`${pdu} asks for ${JSON.stringify(outcome)}`, async (t) => {
    t.strictSame(parseReadRequest(Buffer.from(pdu, 'hex')), outcome)
  })
}

t.test('writes replies and exceptions as the specification draws them', async (t) => {
  const pdu = encodeReadReply(3, Buffer.from('00010002', 'hex'))
  t.equal(encodeTcpAdu({ transactionId: 7, unitId: 5, pdu }).toString('hex'), '00070000000705030400010002')
  t.equal(encodeException(3, 'illegal_data_address').toString('hex'), '8302')
})
