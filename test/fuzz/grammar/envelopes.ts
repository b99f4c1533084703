import type { FuzzRandom } from '../fuzz-random.js'
import { appendByte, type Input } from '../input.js'
import { anyFrame, appendRandom, lineStream } from './dlt645.js'
import { dlt698Frame } from './dlt698.js'
import type { Grammar } from './grammar.js'

/** Frames of Q/GDW 1376.1: links, forwarded DL/T 645, anything else. */
export const gdw1376Frame: Grammar = (random, input) => {
  const start = input.length
  for (let each = 0; each < 6; each += 1) appendByte(input, 0x68)
  const isUp = random.oneIn(2)
  const afn = random.pick([0x00, 0x02, 0x10, 0x10, 0x10, 0x0c, random.below(256)])
  appendByte(input, isUp ? random.pick([0xa8, 0x88, 0xc9]) : random.pick([0x4b, 0x4a]))
  appendRandom(random, input, 5)
  appendByte(input, afn)
  appendByte(input, random.pick([0xe0, 0x60, 0x71, random.below(256)]))
  for (const byte of [0, 0, 1 << random.below(4), 0]) appendByte(input, byte)
  if (afn === 0x10) appendForwarded(random, input, isUp)
  else appendRandom(random, input, random.below(20))
  if (afn === 0x10 && !isUp) appendRandom(random, input, 16)
  appendRandom(random, input, random.pick([0, 2, 6, 8]))
  const length = ((input.length - start - 6) << 2) | random.pick([2, 2, 2, 1])
  const { bytes } = input
  for (const at of [1, 3]) {
    bytes[start + at] = length & 0xff
    bytes[start + at + 1] = (length >> 8) & 0xff
  }
  let sum = 0
  for (let at = start + 6; at < input.length; at += 1) sum += bytes[at] ?? 0
  appendByte(input, sum & 0xff)
  appendByte(input, 0x16)
}

/** What may come over the uplink of a concentrator: three families of frames, one behind the other. */
export const mixedStream: Grammar = (random, input) => {
  const pieces = 1 + random.below(3)
  for (let piece = 0; piece < pieces; piece += 1) {
    const start = input.length
    const kind = random.below(6)
    if (kind < 2) gdw1376Frame(random, input)
    else if (kind < 4) dlt698Frame(random, input)
    else lineStream(random, input)
    if (random.oneIn(8)) input.length = start + random.below(input.length - start + 1)
  }
}

function appendForwarded(random: FuzzRandom, input: Input, isUp: boolean): void {
  for (const byte of isUp ? [0x1f] : [0x1f, 0x6b, 0xbc, 0x0a]) appendByte(input, byte)
  const lengthAt = input.length
  appendByte(input, 0)
  appendByte(input, 0)
  for (let wakeUp = random.below(5); wakeUp > 0; wakeUp -= 1) appendByte(input, 0xfe)
  anyFrame(random, input)
  const length = Math.max(0, input.length - lengthAt - 2)
  input.bytes[lengthAt] = length & 0xff
  input.bytes[lengthAt + 1] = length >> 8
}
