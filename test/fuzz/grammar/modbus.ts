import { crc16 } from '../../../protocols/modbus/crc16.js'
import { modbusFunctions } from '../../../protocols/modbus/pdu-limits.js'
import type { FuzzRandom } from '../fuzz-random.js'
import { appendByte, type Input } from '../input.js'
import { appendRandom } from './dlt645.js'
import type { Grammar } from './grammar.js'

const fixedBodies: Readonly<Record<number, number>> = { 1: 4, 2: 4, 3: 4, 4: 4, 5: 4, 6: 4, 22: 6 }

/** Function code and its own bytes, request or reply. */
export const anyPdu: Grammar = (random, input) => {
  const code = random.oneIn(10) ? random.below(256) : random.pick(modbusFunctions)
  if (random.oneIn(12)) {
    appendByte(input, code | 0x80)
    return appendByte(input, random.below(12))
  }
  appendByte(input, code)
  if (random.oneIn(2)) appendRequestBody(random, input, code)
  else appendReplyBody(random, input, code)
}

export const tcpStream: Grammar = (random, input) => {
  const messages = 1 + random.below(4)
  const transaction = random.next()
  for (let message = 0; message < messages; message += 1) {
    const start = input.length
    for (const byte of [transaction >>> 8, transaction, 0, 0, 0, 0, 1]) appendByte(input, byte & 0xff)
    anyPdu(random, input)
    const length = input.length - start - 6
    if (input.length > start + 6) {
      input.bytes[start + 4] = length >>> 8
      input.bytes[start + 5] = length & 0xff
    }
  }
}

export const rtuStream: Grammar = (random, input) => {
  const messages = 1 + random.below(4)
  for (let message = 0; message < messages; message += 1) {
    const start = input.length
    appendByte(input, random.below(4))
    anyPdu(random, input)
    const crc = crc16(input.bytes, start, input.length)
    appendByte(input, crc & 0xff)
    appendByte(input, crc >>> 8)
    if (random.oneIn(8)) appendRandom(random, input, random.below(8))
  }
}

function appendRequestBody(random: FuzzRandom, input: Input, code: number): void {
  const fixed = fixedBodies[code]
  if (fixed !== undefined) {
    if (code === 5 || random.oneIn(2)) return appendWords(random, input, fixed / 2)
    appendRandom(random, input, 2)
    appendByte(input, 0)
    appendByte(input, 1 + random.below(125))
    return appendRandom(random, input, fixed - 4)
  }
  const registers = 1 + random.below(random.oneIn(8) ? 123 : 8)
  if (code === 23) appendWords(random, input, 2)
  appendRandom(random, input, 2)
  const bytes = code === 15 ? Math.ceil(registers / 8) : 2 * registers
  for (const byte of [0, registers, bytes]) appendByte(input, byte)
  appendRandom(random, input, bytes)
}

function appendReplyBody(random: FuzzRandom, input: Input, code: number): void {
  if (code === 5 || code === 6 || code === 15 || code === 16) return appendWords(random, input, 2)
  if (code === 22) return appendWords(random, input, 3)
  const bytes = 2 * (1 + random.below(random.oneIn(8) ? 125 : 8))
  appendByte(input, bytes)
  appendRandom(random, input, bytes)
}

function appendWords(random: FuzzRandom, input: Input, words: number): void {
  for (let word = 0; word < words; word += 1)
    for (const byte of random.pick(plainWords) ?? [random.below(256), random.below(256)]) appendByte(input, byte)
}

const plainWords: readonly (readonly number[] | null)[] = [null, null, [0, 0], [0, 1], [0xff, 0], [0xff, 0xff]]
