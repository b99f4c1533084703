import fc from 'fast-check'
import t from 'tap'
import { damagedFrame, needsMore, notAFrame } from '../../../protocols/framing.js'
import { gdw1376Framing } from '../../../protocols/gdw1376/framing.js'
import { assertAnswersStand, assertCutsDoNotMatter } from '../support/framing-properties.js'
import { login, publishedFrames } from './published-frames.js'

for (const frame of publishedFrames) {
  t.test(`measures ${frame.toString('hex')}`, async (t) => {
    t.equal(gdw1376Framing.measure(frame, 0, frame.length), frame.length)
    t.equal(gdw1376Framing.explain(frame, 0, frame.length), null)
  })
}

const broken: readonly [what: string, bytes: Buffer, measured: number, kind: string][] = [
  ['nothing', Buffer.alloc(0), needsMore, 'frame_too_short'],
  ['another start', changed(0, 0x67), notAFrame, 'start_missing'],
  ['no second start', changed(5, 0x67), notAFrame, 'start_missing'],
  ['half a header', login.subarray(0, 5), needsMore, 'frame_too_short'],
  ['two lengths', changed(3, 0x36), notAFrame, 'length_mismatch'],
  ['protocol mark 0', lengths(0x30), notAFrame, 'length_out_of_range'],
  ['protocol mark 3', lengths(0x33), notAFrame, 'length_out_of_range'],
  ['seven bytes of user data', lengths(0x1e), notAFrame, 'length_out_of_range'],
  ['a frame that stops early', login.subarray(0, -1), needsMore, 'length_mismatch'],
  ['another end', changed(login.length - 1, 0x17), damagedFrame, 'end_missing'],
  ['a flipped bit', changed(8, 0x03), damagedFrame, 'checksum_mismatch'],
]

for (const [what, bytes, measured, kind] of broken) {
  t.test(`takes ${what} for ${kind}`, async (t) => {
    t.equal(gdw1376Framing.measure(bytes, 0, bytes.length), measured)
    t.match(gdw1376Framing.explain(bytes, 0, bytes.length), { kind })
  })
}

t.test('takes both protocol marks', async (t) => {
  const old = lengths(0x31)
  t.equal(gdw1376Framing.measure(old, 0, old.length), old.length)
})

t.test('sees a header in its six bytes', async (t) => {
  t.equal(gdw1376Framing.hasHeader(login, 0, 5), false)
  t.equal(gdw1376Framing.hasHeader(login, 0, 6), true)
  t.equal(gdw1376Framing.hasHeader(changed(3, 0x36), 0, 6), false)
})

t.test('looks for a frame anywhere in a buffer', async (t) => {
  const buffer = Buffer.concat([Buffer.from('ffff', 'hex'), login, login])
  t.equal(gdw1376Framing.measure(buffer, 2, buffer.length), login.length)
  t.equal(gdw1376Framing.explain(buffer, 2, buffer.length), null)
})

const examples = { framing: gdw1376Framing, frames: publishedFrames, seed: 1376 }

t.test('never takes an answer back when more bytes arrive', async (t) => {
  const likely = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.concat([Buffer.from([0x68]), bytes]))
  t.doesNotThrow(() => assertAnswersStand(examples, likely, 1000), '1000 inputs')
})

t.test('finds the same frames however the stream is cut', async (t) => {
  t.doesNotThrow(() => assertCutsDoNotMatter(examples, 300), '300 streams')
})

function changed(at: number, value: number): Buffer {
  return Buffer.from(login).fill(value, at, at + 1)
}

function lengths(low: number): Buffer {
  return Buffer.from(login).fill(low, 1, 2).fill(low, 3, 4)
}
