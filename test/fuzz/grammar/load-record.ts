import { loadClasses } from '../../../protocols/dlt645/load-records.js'
import { bytesOf } from '../../../protocols/dlt645/field.js'
import type { FuzzRandom } from '../fuzz-random.js'
import { appendByte, type Input } from '../input.js'
import type { Grammar } from './grammar.js'

const separator = 0xaa
const recordEnd = 0xe5
const classBytes = loadClasses.map(bytesOf)

export const appendLoadRecords: Grammar = (random, input) => {
  const records = 1 + random.below(3)
  for (let record = 0; record < records; record += 1) appendRecord(random, input)
}

/** A record whose values are often AAH, so that where its classes end is not plain to see. */
function appendRecord(random: FuzzRandom, input: Input): void {
  const start = input.length
  const first = random.oneIn(6) ? 0xe0 : 0xa0
  appendByte(input, first)
  appendByte(input, first)
  appendByte(input, 0)
  for (const byte of [0x15, 0x10, 0x05, 0x07, 0x26]) appendByte(input, byte)
  for (const bytes of classBytes) {
    if (random.oneIn(2))
      for (let at = 0; at < bytes; at += 1) appendByte(input, random.oneIn(6) ? separator : random.below(10))
    appendByte(input, separator)
  }
  if (input.length - start > 2) input.bytes[start + 2] = random.oneIn(8) ? random.below(256) : input.length - start - 3
  let sum = 0
  for (let at = start; at < input.length; at += 1) sum += input.bytes[at] ?? 0
  appendByte(input, sum & 0xff)
  appendByte(input, recordEnd)
}
