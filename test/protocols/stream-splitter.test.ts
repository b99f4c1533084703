import t from 'tap'
import { dlt645Framing } from '../../protocols/dlt645/frame.js'
import { createStreamSplitter, type FoundFrame, type StreamSplitter } from '../../protocols/stream-splitter.js'
import { createFuzzRandom, type FuzzRandom } from '../fuzz/fuzz-random.js'
import { lineStream } from '../fuzz/grammar/dlt645.js'
import { createInput } from '../fuzz/input.js'
import { mutate } from '../fuzz/mutate.js'
import { anyReading } from './dlt645/sound-readings.js'

const seed = 645
const streams = 3000
const framings = [dlt645Framing]

const cuts: readonly [how: string, chunkOf: (random: FuzzRandom) => number][] = [
  ['byte by byte', () => 1],
  ['in two and three bytes', (random) => 2 + random.below(2)],
  ['in a few large chunks', (random) => 1 + random.below(200)],
  ['in chunks of any size', (random) => 1 + random.below(random.pick([2, 12, 40, 300]))],
]

for (const [how, chunkOf] of cuts) {
  t.test(`finds the same frames at the same places in a stream that comes ${how}`, async (t) => {
    const random = createFuzzRandom()
    const differing: string[] = []
    let frames = 0
    for (let index = 0; index < streams; index += 1) {
      random.reseed(seed, index)
      const stream = anyStream(random)
      const whole = createStreamSplitter(framings)
      const cut = createStreamSplitter(framings)
      const found = [...whole.push(stream), ...whole.timeout()]
      const again: FoundFrame[] = []
      for (let at = 0; at < stream.length; ) {
        const end = at + chunkOf(random)
        again.push(...cut.push(stream.subarray(at, end)))
        at = end
      }
      again.push(...cut.timeout())
      frames += found.length
      if (said(found, whole) !== said(again, cut)) differing.push(stream.toString('hex'))
    }
    t.same(differing.slice(0, 5), [])
    t.ok(frames > streams, `${frames} frames in ${streams} streams`)
  })
}

t.test('a sound frame is found behind anything, once the line has been silent before it', async (t) => {
  const random = createFuzzRandom()
  let missed = 0
  for (let index = 0; index < streams; index += 1) {
    random.reseed(seed + 1, index)
    const splitter = createStreamSplitter(framings)
    splitter.push(anyStream(random))
    splitter.timeout()
    const frame = anyReading(random)
    if (!splitter.push(frame).some(({ bytes }) => bytes.equals(frame))) missed += 1
  }
  t.equal(missed, 0)
})

/** Frames, wake-up bytes, noise and frames cut short, half of the time damaged further. */
function anyStream(random: FuzzRandom): Buffer {
  const input = createInput()
  lineStream(random, input)
  mutate(random, input, anyReading(random))
  return Buffer.from(input.bytes.subarray(0, input.length))
}

function said(found: readonly FoundFrame[], { discardedBytes, damagedFrames }: StreamSplitter): string {
  const frames = found.map(({ offset, bytes }) => `${offset}:${bytes.toString('hex')}`)
  return `${frames.join()} ${discardedBytes} ${damagedFrames}`
}
