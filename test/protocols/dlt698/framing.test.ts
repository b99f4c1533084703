import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { record } from '../support/plain-record.js'
import t from 'tap'
import { crc16X25 } from '../../../protocols/dlt698/crc16.js'
import { controlOf, decodeDlt698, encodeDlt698 } from '../../../protocols/dlt698/frame.js'
import { dlt698Framing } from '../../../protocols/dlt698/framing.js'
import { damagedFrame, needsMore, notAFrame } from '../../../protocols/framing.js'
import { assertAnswersStand, assertCutsDoNotMatter } from '../support/framing-properties.js'
import { publishedFrames } from './published-frames.js'

const frames = publishedFrames.map(({ hex }) => Buffer.from(hex, 'hex'))
const frame = Buffer.from('681700434 5AAAAAAAAAAAA005B4F05012540010200000A9216'.replaceAll(' ', ''), 'hex')

t.test('computes the published check value', async (t) => {
  t.equal(crc16X25(Buffer.from('123456789')), 0x906e)
})

for (const { what, hex } of publishedFrames) {
  t.test(`frames ${what}`, async (t) => {
    const bytes = Buffer.from(hex, 'hex')
    t.equal(dlt698Framing.measure(bytes, 0, bytes.length), bytes.length)
    t.equal(dlt698Framing.explain(bytes, 0, bytes.length), null)
    const decoded = decodeDlt698(bytes)
    t.equal(decoded.ok, true)
    if (decoded.ok) t.equal(encodeDlt698(decoded.value).toString('hex').toUpperCase(), hex)
  })
}

const broken: readonly [what: string, bytes: Buffer, measured: number, kind: string][] = [
  ['nothing', Buffer.alloc(0), needsMore, 'frame_too_short'],
  ['another start', changed(0, 0x67), notAFrame, 'start_missing'],
  ['half a header', frame.subarray(0, 9), needsMore, 'frame_too_short'],
  ['a length below the header', changed(1, 0x0e), notAFrame, 'length_out_of_range'],
  ['a length of more than 14 bits', changed(2, 0x40), notAFrame, 'length_out_of_range'],
  ['a flipped bit in the address', changed(6, 0xab), notAFrame, 'header_checksum_mismatch'],
  ['a frame that stops early', frame.subarray(0, -1), needsMore, 'length_mismatch'],
  ['a flipped bit in the APDU', changed(15, 0x02), damagedFrame, 'checksum_mismatch'],
  ['another end', changed(frame.length - 1, 0x17), damagedFrame, 'end_missing'],
]

for (const [what, bytes, measured, kind] of broken) {
  t.test(`takes ${what} for ${kind}`, async (t) => {
    t.equal(dlt698Framing.measure(bytes, 0, bytes.length), measured)
    t.match(dlt698Framing.explain(bytes, 0, bytes.length), { kind })
    t.match(decodeDlt698(bytes), { ok: false, error: { kind } })
  })
}

t.test('sees a header as soon as its check is there', async (t) => {
  t.equal(dlt698Framing.hasHeader(frame, 0, 13), false)
  t.equal(dlt698Framing.hasHeader(frame, 0, 14), true)
  t.equal(dlt698Framing.hasHeader(changed(6, 0xab), 0, 14), false)
})

const examples = { framing: dlt698Framing, frames, seed: 698 }

t.test('never takes an answer back when more bytes arrive', async (t) => {
  const likely = fc.uint8Array({ maxLength: 80 }).map(startedBytes)
  t.doesNotThrow(() => assertAnswersStand(examples, likely, 1000), '1000 inputs')
})

t.test('finds the same frames however the stream is cut', async (t) => {
  t.doesNotThrow(() => assertCutsDoNotMatter(examples, 300), '300 streams')
})

t.test('decodes what it encodes, scrambled or not', async (t) => {
  const addresses = fc
    .uint8Array({ minLength: 1, maxLength: 16 })
    .map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase())
  const messages = record({
    controlCode: fc.nat({ max: 255 }),
    server: record({
      kind: fc.constantFrom('single' as const, 'wildcard' as const, 'group' as const, 'broadcast' as const),
      logicalAddress: fc.nat({ max: 3 }),
      address: addresses,
    }),
    clientAddress: fc.nat({ max: 255 }),
    userData: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  })
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(messages, (message) => {
          const decoded = decodeDlt698(encodeDlt698(message))
          return decoded.ok && isDeepStrictEqual(decoded.value, message)
        }),
        { seed: 698, numRuns: 300 },
      ),
    '300 frames',
  )
})

t.test('adds 33H to each byte of scrambled user data', async (t) => {
  const server = { kind: 'single', logicalAddress: 0, address: '01' } as const
  const bytes = encodeDlt698({ controlCode: 0x4b, server, clientAddress: 0, userData: Buffer.from('0500', 'hex') })
  t.equal(controlOf(0x4b).scrambled, true)
  t.equal(bytes.subarray(9, 11).toString('hex'), '3833')
})

t.test('refuses an address that is none and a frame that is too long', async (t) => {
  const server = { kind: 'single', logicalAddress: 0, address: '01' } as const
  const message = { controlCode: 0x43, server, clientAddress: 0, userData: Buffer.alloc(0) }
  t.throws(() => encodeDlt698({ ...message, server: { ...server, address: '1' } }))
  t.throws(() => encodeDlt698({ ...message, userData: Buffer.alloc(16_384) }))
})

function changed(at: number, value: number): Buffer {
  return Buffer.from(frame).fill(value, at, at + 1)
}

function startedBytes(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x68]), bytes])
}
