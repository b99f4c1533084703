import { encodeDlt698 } from '../../../protocols/dlt698/frame.js'
import { singleServer } from '../../../protocols/dlt698/whole-frame.js'
import apdus from '../../protocols/dlt698/apdus.json' with { type: 'json' }
import type { FuzzRandom } from '../fuzz-random.js'
import { appendByte, appendBytes, type Input } from '../input.js'
import type { Grammar } from './grammar.js'

const samples: readonly Buffer[] = apdus.apdus.map(({ hex }) => Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const controlCodes = [0x43, 0xc3, 0x81, 0x01, 0x4b, 0xe3, 0x63]
const mostNested = 24
const address = singleServer('202600000001')

/** A service, as published or changed in some bytes, or data within data. */
export const appendApdu: Grammar = (random, input) => {
  if (random.oneIn(8)) return appendNested(random, input)
  const start = input.length
  appendBytes(input, random.pick(samples))
  for (let change = random.below(4); change > 0; change -= 1) {
    const at = start + random.below(Math.max(1, input.length - start))
    if (at < input.length) input.bytes[at] = random.below(256)
  }
}

/** Arrays and structures in each other, deeper than any meter sends them. */
function appendNested(random: FuzzRandom, input: Input): void {
  for (const byte of [0x85, 0x01, random.below(64), 0x00, 0x10, 0x02, 0x00, 0x01]) appendByte(input, byte)
  for (let depth = random.below(mostNested); depth > 0; depth -= 1) {
    appendByte(input, 1 + random.below(2))
    appendByte(input, random.oneIn(4) ? random.below(256) : 1)
  }
  appendByte(input, random.below(32))
  for (let more = random.below(12); more > 0; more -= 1) appendByte(input, random.below(256))
}

/** A frame whose checksums are right, whatever it carries. */
export const appendDlt698Frame: Grammar = (random, input) => {
  const start = input.length
  appendApdu(random, input)
  const userData = Buffer.from(input.bytes.subarray(start, input.length))
  input.length = start
  appendBytes(
    input,
    encodeDlt698({ controlCode: random.pick(controlCodes), server: address, clientAddress: 0, userData }),
  )
}
