import fc from 'fast-check'
import t from 'tap'
import { crc16 } from '../../../protocols/modbus/crc16.js'
import { encodeReplyPdu } from '../../../protocols/modbus/reply-pdu.js'
import { encodeRequestPdu } from '../../../protocols/modbus/request-pdu.js'
import { encodeRtuAdu, type RtuAdu } from '../../../protocols/modbus/rtu-adu.js'
import { createRtuSplitter } from '../../../protocols/modbus/rtu-splitter.js'
import { anyReply, anyRequest } from './arbitrary-pdu.js'

const request = Buffer.from('0103000a000a', 'hex')
const framed = encodeRtuAdu({ unitId: 1, pdu: request.subarray(1) })
const shown = (adus: readonly RtuAdu[]) => adus.map(({ unitId, pdu }) => `${unitId}:${pdu.toString('hex')}`)

t.test('the CRC is that of the specification’s example', async (t) => {
  // Modbus over Serial Line V1.02, appendix B: 02 07 gives 1241H.
  t.equal(crc16(Buffer.from('0207', 'hex')), 0x1241)
  // The check value of CRC-16/MODBUS.
  t.equal(crc16(Buffer.from('123456789')), 0x4b37)
})

const cases: readonly (readonly [what: string, bytes: Buffer, adus: number, discarded: number])[] = [
  ['a message alone', framed, 1, 0],
  ['two without a gap', Buffer.concat([framed, framed]), 2, 0],
  ['noise before it', Buffer.concat([Buffer.from('ff5500', 'hex'), framed]), 1, 3],
  ['a flipped bit in the one before', Buffer.concat([Buffer.from(framed).fill(0x10, 3, 4), framed]), 1, 8],
]

for (const [what, bytes, adus, discarded] of cases) {
  t.test(`the splitter finds its messages in ${what}`, async (t) => {
    const splitter = createRtuSplitter('request')
    t.equal(splitter.push(bytes).length + splitter.timeout().length, adus)
    t.equal(splitter.discardedBytes(), discarded)
  })
}

t.test('a message of an unknown function ends with the silence of the line', async (t) => {
  const splitter = createRtuSplitter('request')
  const identify = encodeRtuAdu({ unitId: 9, pdu: Buffer.from('2b0e0100', 'hex') })
  t.same(splitter.push(identify), [])
  t.same(shown(splitter.timeout()), ['9:2b0e0100'])
  t.same(splitter.timeout(), [])
})

const anyAdu = fc.record({ unitId: fc.nat(0xff), direction: fc.constantFrom('request' as const, 'reply' as const) })
const stream = fc.array(
  fc.oneof(
    fc.record({ unit: anyAdu, request: anyRequest, reply: anyReply }),
    fc.uint8Array({ maxLength: 20 }).map((noise) => ({ noise })),
  ),
  { maxLength: 6 },
)

for (const direction of ['request', 'reply'] as const) {
  t.test(`a stream of ${direction}s gives the same messages however it is cut`, async () => {
    fc.assert(
      fc.property(stream, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }), (parts, cuts) => {
        const bytes = Buffer.concat(
          parts.map((part) =>
            'noise' in part
              ? part.noise
              : encodeRtuAdu({
                  unitId: part.unit.unitId,
                  pdu: direction === 'request' ? encodeRequestPdu(part.request) : encodeReplyPdu(part.reply),
                }),
          ),
        )
        const whole = createRtuSplitter(direction)
        const cut = createRtuSplitter(direction)
        const expected = shown([...whole.push(bytes), ...whole.timeout()])
        const found: RtuAdu[] = []
        for (let at = 0, nth = 0; at < bytes.length; nth += 1) {
          const size = cuts[nth % cuts.length] ?? 1
          found.push(...cut.push(bytes.subarray(at, at + size)))
          at += size
        }
        found.push(...cut.timeout())
        return expected.join() === shown(found).join() && whole.discardedBytes() === cut.discardedBytes()
      }),
      { seed: 1, numRuns: 300 },
    )
  })
}

t.test('without noise every message of the line is found', async () => {
  fc.assert(
    fc.property(fc.array(anyRequest, { minLength: 1, maxLength: 5 }), (messages) => {
      const pdus = messages.map(encodeRequestPdu)
      const found = createRtuSplitter('request').push(
        Buffer.concat(pdus.map((pdu) => encodeRtuAdu({ unitId: 3, pdu }))),
      )
      return shown(found).join() === pdus.map((pdu) => `3:${pdu.toString('hex')}`).join()
    }),
    { seed: 2, numRuns: 300 },
  )
})

t.test('a megabyte of garbage is passed over in bounded memory', async (t) => {
  const splitter = createRtuSplitter('reply')
  const garbage = Buffer.alloc(65_536, 0x03)
  for (let nth = 0; nth < 16; nth += 1) splitter.push(garbage)
  splitter.timeout()
  t.equal(splitter.discardedBytes() > 1_000_000, true)
  t.equal(splitter.push(encodeRtuAdu({ unitId: 1, pdu: Buffer.from('8302', 'hex') })).length, 1)
})
