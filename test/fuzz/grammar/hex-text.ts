import { appendByte, createInput } from '../input.js'
import { lineStream } from './dlt645.js'
import type { Grammar } from './grammar.js'

const scratch = createInput()
const blanks = [' ', '\n', '\r\n', '\t', '　', '\uFEFF', '-', ':', 'g', '0x'].map((text) => Buffer.from(text))

/** Hexadecimal as people paste it: blanks anywhere, either case, digits missing, signs that do not belong. */
export const hexText: Grammar = (random, input) => {
  scratch.length = 0
  lineStream(random, scratch)
  const mostBytes = 120
  const odds = random.pick([4, 40, 400])
  for (let at = 0; at < Math.min(scratch.length, mostBytes); at += 1) {
    const pair = (scratch.bytes[at] ?? 0).toString(16).padStart(2, '0')
    const written = random.oneIn(2) ? pair : pair.toUpperCase()
    for (let digit = random.oneIn(odds * 20) ? 1 : 0; digit < 2; digit += 1)
      appendByte(input, written.charCodeAt(digit))
    if (random.oneIn(4)) appendByte(input, 0x20)
    if (random.oneIn(odds)) for (const byte of random.pick(blanks)) appendByte(input, byte)
  }
}
