import fc from 'fast-check'
import t from 'tap'
import { encodeException, exceptionCodes, exceptionNameOf } from '../../../protocols/modbus/exception.js'
import { decodeReplyPdu, encodeReadReply, encodeReplyPdu } from '../../../protocols/modbus/reply-pdu.js'
import { decodeRequestPdu, encodeRequestPdu } from '../../../protocols/modbus/request-pdu.js'
import { anyBytes, anyReply, anyRequest } from './arbitrary-pdu.js'

const hex = (text: string) => Buffer.from(text, 'hex')

/** Examples of the Modbus Application Protocol V1.1b3, sections 6.1 to 6.17. */
const requests: readonly (readonly [pdu: string, outcome: unknown])[] = [
  ['0100130013', { ok: true, value: { function: 1, address: 0x13, count: 0x13 } }],
  ['0200c40016', { ok: true, value: { function: 2, address: 0xc4, count: 0x16 } }],
  ['03006b0003', { ok: true, value: { function: 3, address: 0x6b, count: 3 } }],
  ['0400080001', { ok: true, value: { function: 4, address: 8, count: 1 } }],
  ['0500acff00', { ok: true, value: { function: 5, address: 0xac, on: true } }],
  ['0600010003', { ok: true, value: { function: 6, address: 1, value: 3 } }],
  ['0f0013000a02cd01', { ok: true, value: { function: 15, address: 0x13, count: 10, bits: hex('cd01') } }],
  ['100001000204000a0102', { ok: true, value: { function: 16, address: 1, registers: hex('000a0102') } }],
  ['16000400f20025', { ok: true, value: { function: 22, address: 4, andMask: 0xf2, orMask: 0x25 } }],
  [
    '1700030006000e00030600ff00ff00ff',
    { ok: true, value: { function: 23, address: 3, count: 6, writeAddress: 14, registers: hex('00ff00ff00ff') } },
  ],
  ['', { ok: false, error: { kind: 'length_mismatch', at: 0, expected: 1, actual: 0 } }],
  ['2b0e0100', { ok: false, error: { kind: 'unknown_function', at: 0, actual: 0x2b } }],
  ['03000a0000', { ok: false, error: { kind: 'count_out_of_range', at: 3, expected: 125, actual: 0 } }],
  ['03000a007e', { ok: false, error: { kind: 'count_out_of_range', at: 3, expected: 125, actual: 126 } }],
  ['01000007d1', { ok: false, error: { kind: 'count_out_of_range', at: 3, expected: 2000, actual: 2001 } }],
  ['03ffff0002', { ok: false, error: { kind: 'address_out_of_range', at: 1, expected: 65_534, actual: 65_535 } }],
  ['03000a', { ok: false, error: { kind: 'length_mismatch', at: 0, expected: 5, actual: 3 } }],
  ['1000', { ok: false, error: { kind: 'length_mismatch', at: 0, expected: 6, actual: 2 } }],
  ['1000010002020000', { ok: false, error: { kind: 'byte_count_mismatch', at: 5, expected: 4, actual: 2 } }],
  ['0500ac1234', { ok: false, error: { kind: 'coil_value_invalid', at: 3, actual: 0x1234 } }],
]

for (const [pdu, outcome] of requests) {
  t.test(`the request ${pdu || '(nothing)'} is ${JSON.stringify(outcome)}`, async (t) => {
    const decoded = decodeRequestPdu(hex(pdu))
    t.same(decoded, outcome)
    if (decoded.ok) t.equal(encodeRequestPdu(decoded.value).toString('hex'), pdu)
  })
}

const replies: readonly (readonly [pdu: string, outcome: unknown])[] = [
  ['0103cd6b05', { ok: true, value: { function: 1, bits: hex('cd6b05') } }],
  ['0306022b00000064', { ok: true, value: { function: 3, registers: hex('022b00000064') } }],
  ['0500acff00', { ok: true, value: { function: 5, address: 0xac, on: true } }],
  ['0f0013000a', { ok: true, value: { function: 15, address: 0x13, count: 10 } }],
  ['1000010002', { ok: true, value: { function: 16, address: 1, count: 2 } }],
  ['16000400f20025', { ok: true, value: { function: 22, address: 4, andMask: 0xf2, orMask: 0x25 } }],
  ['170400fe0acd', { ok: true, value: { function: 23, registers: hex('00fe0acd') } }],
  ['8302', { ok: true, value: { function: 'exception', to: 3, code: 2 } }],
  ['ab01', { ok: true, value: { function: 'exception', to: 0x2b, code: 1 } }],
  ['0303010203', { ok: false, error: { kind: 'byte_count_mismatch', at: 1, expected: 4, actual: 3 } }],
  ['0100', { ok: false, error: { kind: 'byte_count_mismatch', at: 1, expected: 1, actual: 0 } }],
  ['03040001', { ok: false, error: { kind: 'length_mismatch', at: 0, expected: 6, actual: 4 } }],
]

for (const [pdu, outcome] of replies) {
  t.test(`the reply ${pdu} is ${JSON.stringify(outcome)}`, async (t) => {
    const decoded = decodeReplyPdu(hex(pdu))
    t.same(decoded, outcome)
    if (decoded.ok) t.equal(encodeReplyPdu(decoded.value).toString('hex'), pdu)
  })
}

t.test('exceptions have the names of the specification', async (t) => {
  t.equal(encodeException(3, 'illegal_data_address').toString('hex'), '8302')
  t.equal(encodeReadReply(3, hex('00010002')).toString('hex'), '030400010002')
  t.same([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(exceptionNameOf), [
    ...Object.keys(exceptionCodes).slice(0, 6),
    null,
    'memory_parity_error',
    null,
    ...Object.keys(exceptionCodes).slice(7),
  ])
})

t.test('decoding takes back what encoding gave', async () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      const decoded = decodeRequestPdu(encodeRequestPdu(request))
      return decoded.ok && encodeRequestPdu(decoded.value).equals(encodeRequestPdu(request))
    }),
    { seed: 1, numRuns: 500 },
  )
  fc.assert(
    fc.property(anyReply, (reply) => {
      const decoded = decodeReplyPdu(encodeReplyPdu(reply))
      return decoded.ok && encodeReplyPdu(decoded.value).equals(encodeReplyPdu(reply))
    }),
    { seed: 2, numRuns: 500 },
  )
})

t.test('any bytes are a message that encodes to the same bytes, or a named error', async () => {
  fc.assert(
    fc.property(anyBytes, fc.nat(30), (bytes, code) => {
      const pdu = Buffer.concat([Buffer.from([code]), bytes])
      const request = decodeRequestPdu(pdu)
      const reply = decodeReplyPdu(pdu)
      return (
        (request.ok ? encodeRequestPdu(request.value).equals(pdu) : request.error.kind.length > 0) &&
        (reply.ok ? pdu.length > 253 || encodeReplyPdu(reply.value).equals(pdu) : reply.error.kind.length > 0)
      )
    }),
    { seed: 3, numRuns: 2000 },
  )
})
