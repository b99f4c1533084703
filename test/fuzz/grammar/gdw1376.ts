import { appendByte, type Input } from '../input.js'
import type { Grammar } from './grammar.js'

const afns = [0x00, 0x02, 0x10, 0x10, 0x10, 0x01, 0x04, 0x0c]
const inner = Buffer.from('68610100000000681104333334331416', 'hex')

/** An envelope whose lengths and checksum are right, with a DL/T 645 frame in it or anything else. */
export const appendGdw1376Frame: Grammar = (random, input) => {
  const start = input.length
  const body: number[] = [
    random.pick([0x4b, 0xa8, 0xc9, 0x0b, random.below(256)]),
    0x00,
    0x02,
    0x34,
    0x12,
    random.below(256),
  ]
  body.push(random.pick(afns), random.below(256), 0, 0, 1 << random.below(8), random.below(4))
  const data = random.oneIn(2)
    ? [0x1f, 0x6b, 0xbc, 0x0a, random.oneIn(3) ? random.below(256) : inner.length, 0, ...inner]
    : []
  body.push(...data)
  for (let more = random.below(30); more > 0; more -= 1) body.push(random.below(256))
  const length = (body.length << 2) | random.pick([2, 2, 1])
  for (const byte of [0x68, length & 0xff, length >> 8, length & 0xff, length >> 8, 0x68, ...body])
    appendByte(input, byte)
  appendByte(
    input,
    body.reduce((sum, byte) => (sum + byte) & 0xff, 0),
  )
  appendByte(input, 0x16)
  keepStart(input, start)
}

/** A frame that found no room is left out whole. */
function keepStart(input: Input, start: number): void {
  if (input.length === input.bytes.length) input.length = start
}
