import fc from 'fast-check'
import t from 'tap'
import { encodeFrame } from '../../../protocols/dlt645/frame.js'
import { createFrameSplitter, type FrameSplitter, type SplitFrame } from '../../../protocols/dlt645/frame-splitter.js'

const request = Buffer.from('68610100000000681104333334331416', 'hex')
const reply = Buffer.from('6861010000000068910833333433593333338a16', 'hex')
/** Its address, its data and its checksum hold 68H and 16H. */
const trap = encodeFrame({ address: '681600680012', controlCode: 0x91, data: Buffer.from('35e3353535e3', 'hex') })
const wakeUp = Buffer.alloc(4, 0xfe)
const garbledLength = Buffer.from(reply).fill(0x60, 9, 10)
const flipped = Buffer.from(reply).fill(0x5a, 15, 16)

interface Case {
  readonly what: string
  readonly bytes: Buffer
  readonly frames: readonly Buffer[]
  readonly afterTimeout?: readonly Buffer[]
  readonly discarded: number
  readonly damaged: number
}

const cases: readonly Case[] = [
  { what: 'a frame alone', bytes: reply, frames: [reply], discarded: 0, damaged: 0 },
  {
    what: 'any number of wake-up bytes',
    bytes: Buffer.concat([wakeUp, wakeUp, wakeUp, reply]),
    frames: [reply],
    discarded: 0,
    damaged: 0,
  },
  {
    what: 'two frames without a gap',
    bytes: Buffer.concat([request, reply]),
    frames: [request, reply],
    discarded: 0,
    damaged: 0,
  },
  {
    what: 'noise around a frame',
    bytes: Buffer.concat([Buffer.from('6800ff16', 'hex'), reply, Buffer.from('0d0a', 'hex')]),
    frames: [reply],
    discarded: 6,
    damaged: 0,
  },
  {
    what: 'a doubled start byte',
    bytes: Buffer.concat([Buffer.from([0x68]), reply]),
    frames: [reply],
    discarded: 1,
    damaged: 0,
  },
  { what: '68H and 16H inside a frame', bytes: trap, frames: [trap], discarded: 0, damaged: 0 },
  {
    what: 'a good frame behind a flipped bit',
    bytes: Buffer.concat([flipped, reply]),
    frames: [reply],
    discarded: 20,
    damaged: 1,
  },
  {
    what: 'a good frame behind a truncated one',
    bytes: Buffer.concat([reply.subarray(0, 13), reply]),
    frames: [reply],
    discarded: 13,
    damaged: 1,
  },
  {
    what: 'a good frame swallowed by a garbled length, after the silence',
    bytes: Buffer.concat([garbledLength, reply]),
    frames: [],
    afterTimeout: [reply],
    discarded: 20,
    damaged: 1,
  },
  {
    what: 'nothing in a frame that never ends',
    bytes: reply.subarray(0, 15),
    frames: [],
    afterTimeout: [],
    discarded: 15,
    damaged: 1,
  },
  {
    what: 'nothing in a header that never ends',
    bytes: reply.subarray(0, 5),
    frames: [],
    afterTimeout: [],
    discarded: 5,
    damaged: 0,
  },
]

for (const { what, bytes, frames, afterTimeout = [], discarded, damaged } of cases) {
  t.test(`finds ${what}`, async (t) => {
    const whole = createFrameSplitter()
    t.same(framesOf(whole.push(bytes)), frames.map(hexOf))
    t.same(framesOf(whole.timeout()), afterTimeout.map(hexOf))
    t.same(countersOf(whole), { discarded, damaged })
  })

  t.test(`finds ${what} byte by byte`, async (t) => {
    const splitter = createFrameSplitter()
    const found = [...bytes].flatMap((byte) => splitter.push(Buffer.from([byte])))
    t.same(framesOf([...found, ...splitter.timeout()]), [...frames, ...afterTimeout].map(hexOf))
    t.same(countersOf(splitter), { discarded, damaged })
  })
}

t.test('finds every frame between any noise once the line has been silent', async (t) => {
  const noise = fc.uint8Array({ maxLength: 40 })
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(fc.array(noise, { maxLength: 5 }), fc.integer({ min: 1, max: 30 }), (pieces, chunkSize) => {
          const splitter = createFrameSplitter()
          const found = pieces.flatMap((piece) => [
            ...inChunks(Buffer.concat([piece, reply]), chunkSize).flatMap((chunk) => splitter.push(chunk)),
            ...splitter.timeout(),
          ])
          return found.filter((split) => split.bytes.equals(reply)).length === pieces.length
        }),
        { seed: 645, numRuns: 300 },
      ),
    '300 streams',
  )
})

t.test('finds the same frames however the stream is cut', async (t) => {
  const pieces = fc.array(fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.constantFrom(reply, trap, flipped, wakeUp)))
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(pieces, fc.integer({ min: 1, max: 30 }), (parts, chunkSize) => {
          const stream = Buffer.concat(parts)
          const [whole, cut] = [createFrameSplitter(), createFrameSplitter()]
          const found = [...whole.push(stream), ...whole.timeout()]
          const again = [...inChunks(stream, chunkSize).flatMap((chunk) => cut.push(chunk)), ...cut.timeout()]
          return framesOf(found).join() === framesOf(again).join() && whole.discardedBytes === cut.discardedBytes
        }),
        { seed: 645, numRuns: 300 },
      ),
    '300 streams',
  )
})

t.test('accounts for every byte', async (t) => {
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
          (noise) => {
            const splitter = createFrameSplitter()
            const found = [...splitter.push(noise), ...splitter.timeout()].reduce(
              (sum, split) => sum + split.bytes.length,
              0,
            )
            return splitter.discardedBytes + found + noise.filter((byte) => byte === 0xfe).length >= noise.length
          },
        ),
        { seed: 645, numRuns: 300 },
      ),
    '300 streams',
  )
})

function inChunks(bytes: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
}

function hexOf(bytes: Buffer): string {
  return bytes.toString('hex')
}

function framesOf(found: readonly SplitFrame[]): readonly string[] {
  return found.map((split) => hexOf(split.bytes))
}

function countersOf(splitter: FrameSplitter) {
  return { discarded: splitter.discardedBytes, damaged: splitter.damagedFrames }
}
