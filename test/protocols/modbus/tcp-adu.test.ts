import fc from 'fast-check'
import t from 'tap'
import { encodeTcpAdu, takeTcpAdu } from '../../../protocols/modbus/tcp-adu.js'

const request = Buffer.from('0007000000060503000a000a', 'hex')

t.test('takes one message at a time off a stream', async (t) => {
  const first = takeTcpAdu(Buffer.concat([request, request.subarray(0, 8)]))
  t.match(first, { ok: true, value: { adu: { transactionId: 7, unitId: 5, pdu: Buffer.from('03000a000a', 'hex') } } })
  if (first.ok && first.value !== null) t.strictSame(takeTcpAdu(first.value.rest), { ok: true, value: null })
})

t.test('refuses a stream that is not Modbus', async (t) => {
  t.match(takeTcpAdu(Buffer.from('00070001000605030000000a', 'hex')), {
    ok: false,
    error: { kind: 'protocol_not_modbus', actual: 1 },
  })
  for (const [hex, actual] of [
    ['0007000000ff0503', 255],
    ['0007000000010503', 1],
  ] as const)
    t.match(takeTcpAdu(Buffer.from(hex, 'hex')), { ok: false, error: { kind: 'length_out_of_range', actual } })
})

t.test('takes back whatever it encodes, and never throws on other bytes', async () => {
  const adu = fc.record({
    transactionId: fc.nat(0xffff),
    unitId: fc.nat(0xff),
    pdu: fc.uint8Array({ minLength: 1, maxLength: 253 }).map((bytes) => Buffer.from(bytes)),
  })
  fc.assert(
    fc.property(adu, fc.uint8Array({ maxLength: 8 }), (message, tail) => {
      const taken = takeTcpAdu(Buffer.concat([encodeTcpAdu(message), tail]))
      if (!taken.ok || taken.value === null) return false
      const { pdu, ...rest } = taken.value.adu
      return (
        pdu.equals(message.pdu) &&
        rest.unitId === message.unitId &&
        rest.transactionId === message.transactionId &&
        taken.value.rest.equals(tail)
      )
    }),
    { seed: 1 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const taken = takeTcpAdu(Buffer.from(bytes))
      return taken.ok || taken.error.kind.length > 0
    }),
    { seed: 2 },
  )
})
