import fc from 'fast-check'
import t from 'tap'
import { inspectModbus, maxInspectedBytes } from '../../../protocols/modbus/inspect-modbus.js'
import { encodeReplyPdu } from '../../../protocols/modbus/reply-pdu.js'
import { encodeRequestPdu } from '../../../protocols/modbus/request-pdu.js'
import { encodeRtuAdu } from '../../../protocols/modbus/rtu-adu.js'
import { encodeTcpAdu } from '../../../protocols/modbus/tcp-adu.js'
import { anyReply, anyRequest } from './arbitrary-pdu.js'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const rtu = (unitId: number, pdu: string) => encodeRtuAdu({ unitId, pdu: hex(pdu) })
const tcp = (transactionId: number, unitId: number, pdu: string) =>
  encodeTcpAdu({ transactionId, unitId, pdu: hex(pdu) })

t.test('a request and its reply say what they are', async (t) => {
  const { adus, errors } = inspectModbus(Buffer.concat([rtu(5, '03000a0002'), rtu(5, '030400010002')]), 'rtu')
  t.same(errors, [])
  t.match(adus, [
    {
      protocol: 'modbus-rtu',
      transactionId: null,
      unit: 5,
      direction: 'request',
      function: 3,
      address: 10,
      count: 2,
      data: '',
      exception: null,
      matches: null,
      offset: 0,
    },
    {
      direction: 'reply',
      function: 3,
      address: null,
      count: 2,
      data: '00010002',
      matches: true,
      mismatch: null,
      offset: 8,
    },
  ])
  t.equal(adus[0]?.hex, '0503000A0002E58D')
})

const pairs: readonly (readonly [request: string, reply: string, mismatch: string | null])[] = [
  ['0100130013', '0103cd6b05', null],
  ['0100130013', '0102cd6b', 'count_mismatch'],
  ['03000a0002', '030400010002', null],
  ['03000a0002', '03020001', 'count_mismatch'],
  ['03000a0002', '040400010002', 'function_mismatch'],
  ['03000a0002', '8302', null],
  ['03000a0002', '8402', 'function_mismatch'],
  ['0500acff00', '0500acff00', null],
  ['0500acff00', '0500ac0000', 'data_mismatch'],
  ['0600010003', '0600020003', 'address_mismatch'],
  ['0600010003', '0600010004', 'data_mismatch'],
  ['0f0013000a02cd01', '0f0013000a', null],
  ['0f0013000a02cd01', '0f00130009', 'count_mismatch'],
  ['100001000204000a0102', '1000010002', null],
  ['100001000204000a0102', '1000010001', 'count_mismatch'],
  ['16000400f20025', '16000400f20025', null],
  ['16000400f20025', '16000400f20026', 'data_mismatch'],
  ['1700030002000e0001020001', '170400fe0acd', null],
]

for (const [request, reply, mismatch] of pairs) {
  t.test(`${reply} after ${request}: ${mismatch ?? 'it answers'}`, async (t) => {
    for (const [transport, frame] of [
      ['rtu', (pdu: string) => rtu(5, pdu)],
      ['tcp', (pdu: string) => tcp(7, 5, pdu)],
    ] as const) {
      const { adus, errors } = inspectModbus(Buffer.concat([frame(request), frame(reply)]), transport)
      t.same(errors, [], transport)
      t.match(adus, [
        { direction: 'request', matches: null },
        { direction: 'reply', matches: mismatch === null, mismatch },
      ])
    }
  })
}

t.test('another unit or transaction is no answer', async (t) => {
  const other = inspectModbus(Buffer.concat([rtu(5, '03000a0001'), rtu(6, '03020001')]), 'rtu')
  t.match(other.adus[1], { matches: false, mismatch: 'unit_mismatch' })
  const late = inspectModbus(Buffer.concat([tcp(7, 5, '03000a0001'), tcp(6, 5, '03020001')]), 'tcp')
  t.match(late.adus[1], { transactionId: 6, matches: false, mismatch: 'transaction_mismatch' })
})

t.test('the bits that were asked for are counted, not those that fill the byte', async (t) => {
  const { adus } = inspectModbus(Buffer.concat([rtu(1, '0100130013'), rtu(1, '0103cd6b05')]), 'rtu')
  t.match(adus[1], { count: 19, data: 'CD6B05' })
})

t.test('a lone reply is told from a request by its length', async (t) => {
  t.match(inspectModbus(rtu(1, '030400010002'), 'rtu').adus, [{ direction: 'reply', matches: null, data: '00010002' }])
  t.match(inspectModbus(tcp(1, 1, '8b02'), 'tcp').adus, [
    { direction: 'reply', function: 11, exception: { code: 2, name: 'illegal_data_address' } },
  ])
})

const broken: readonly (readonly [transport: 'rtu' | 'tcp', bytes: string, error: object])[] = [
  ['rtu', '', { kind: 'frame_too_short', offset: 0, expected: 1, actual: 0 }],
  ['rtu', '0503', { kind: 'frame_too_short', offset: 0, expected: 4, actual: 2 }],
  ['rtu', '0503 000A 0002 E58E', { kind: 'crc_mismatch', offset: 6, expected: 0x8de5, actual: 0x8ee5 }],
  ['rtu', '0503 000A 0002 E5', { kind: 'length_mismatch', offset: 0, expected: 8, actual: 7 }],
  ['rtu', '0555 000A', { kind: 'unknown_function', offset: 1, expected: null, actual: 0x55 }],
  ['tcp', '0007', { kind: 'frame_too_short', offset: 0, expected: 7, actual: 2 }],
  ['tcp', '0007 0001 0006 0503000A000A', { kind: 'protocol_not_modbus', offset: 2, expected: 0, actual: 1 }],
  ['tcp', '0007 0000 0006 0503000A', { kind: 'length_mismatch', offset: 0, expected: 12, actual: 10 }],
  ['tcp', '0007 0000 0600 0503000A', { kind: 'length_out_of_range', offset: 4, expected: null, actual: 0x600 }],
  ['tcp', '0007 0000 0006 0503000A007E', { kind: 'count_out_of_range', offset: 10, expected: 125, actual: 126 }],
]

for (const [transport, bytes, error] of broken) {
  t.test(`${transport} ${bytes || '(nothing)'} is ${JSON.stringify(error)}`, async (t) => {
    t.same(inspectModbus(hex(bytes), transport), { adus: [], errors: [error] })
  })
}

t.test('a sound message behind a broken one is still found', async (t) => {
  const { adus, errors } = inspectModbus(Buffer.concat([hex('0503000A0002E58E'), rtu(5, '03000a0002')]), 'rtu')
  t.match(errors, [{ kind: 'crc_mismatch', offset: 6 }])
  t.match(adus, [{ offset: 8, address: 10 }])
})

t.test('every exchange that the specification allows is read back from either transport', async () => {
  fc.assert(
    fc.property(anyRequest, anyReply, (request, reply) => {
      const pdus = [encodeRequestPdu(request), encodeReplyPdu(reply)]
      const lines = [
        inspectModbus(Buffer.concat(pdus.map((pdu) => encodeRtuAdu({ unitId: 9, pdu }))), 'rtu'),
        inspectModbus(Buffer.concat(pdus.map((pdu) => encodeTcpAdu({ transactionId: 3, unitId: 9, pdu }))), 'tcp'),
      ]
      return lines.every(
        ({ adus, errors }) =>
          errors.length === 0 &&
          adus.length === 2 &&
          adus[0]?.direction === 'request' &&
          adus[1]?.direction === 'reply',
      )
    }),
    { seed: 1, numRuns: 300 },
  )
})

t.test('any bytes give messages or named errors inside the input', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.constantFrom('rtu', 'tcp'), (bytes, transport) => {
      const { adus, errors } = inspectModbus(Buffer.from(bytes), transport)
      return (
        adus.length + errors.length > 0 &&
        errors.every(({ kind, offset }) => kind.length > 0 && offset >= 0 && offset < bytes.length + 8)
      )
    }),
    { seed: 2, numRuns: 2000 },
  )
})

t.test('an input beyond the limit is refused at once, one at the limit is read in time', async (t) => {
  t.match(inspectModbus(Buffer.alloc(maxInspectedBytes + 1), 'rtu'), { errors: [{ kind: 'payload_too_long' }] })
  t.equal(inspectModbus(Buffer.alloc(maxInspectedBytes, 0x03), 'rtu').adus.length, 0)
})
