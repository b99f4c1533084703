import type { FuzzRandom } from './fuzz-random.js'
import { type Input, maxInputBytes } from './input.js'

const telling = [0x00, 0x01, 0x16, 0x33, 0x68, 0x7f, 0x80, 0xaa, 0xe5, 0xfe, 0xff]
const mostMutations = 4

type Mutation = (random: FuzzRandom, input: Input) => void

/** Half of the inputs stay as they are; the others are changed one to four times. */
export function mutate(random: FuzzRandom, input: Input, splice: Uint8Array): void {
  if (random.oneIn(2)) return
  const count = 1 + random.below(mostMutations)
  for (let each = 0; each < count; each += 1) {
    if (input.length === 0) return
    const which = random.below(mutations.length + 1)
    const mutation = mutations[which]
    if (mutation === undefined)
      insert(input, random.below(input.length), splice, random.below(splice.length), random.below(64))
    else mutation(random, input)
  }
}

const mutations: readonly Mutation[] = [
  function flipBit(random, { bytes, length }) {
    const at = random.below(length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
  },
  function setTellingByte(random, { bytes, length }) {
    bytes[random.below(length)] = random.pick(telling)
  },
  function setAnyByte(random, { bytes, length }) {
    bytes[random.below(length)] = random.below(256)
  },
  function addToByte(random, { bytes, length }) {
    const at = random.below(length)
    bytes[at] = (bytes[at] ?? 0) + random.below(9) - 4
  },
  function deleteSome(random, input) {
    remove(input, random.below(input.length), 1 + random.below(random.oneIn(4) ? 32 : 2))
  },
  function duplicateSome(random, input) {
    const from = random.below(input.length)
    insert(
      input,
      random.below(input.length),
      Buffer.from(input.bytes.subarray(from, input.length)),
      0,
      1 + random.below(40),
    )
  },
  function truncate(random, input) {
    input.length = random.below(input.length)
  },
  function repeatAll(random, input) {
    const once = input.length
    for (let times = random.below(4); times > 0 && input.length + once <= maxInputBytes; times -= 1) {
      input.bytes.copy(input.bytes, input.length, 0, once)
      input.length += once
    }
  },
  editLength,
  function resum(random, input) {
    const start = headerAt(random, input)
    if (start >= 0) fixChecksum(input, start)
  },
]

/** Another length byte with the checksum and end that it asks for. */
function editLength(random: FuzzRandom, input: Input): void {
  const start = headerAt(random, input)
  if (start < 0) return
  const { bytes } = input
  const length = bytes[start + 9] ?? 0
  bytes[start + 9] = random.oneIn(2) ? length ^ (1 << random.below(8)) : random.below(256)
  if (random.oneIn(2)) fixChecksum(input, start)
}

function fixChecksum({ bytes, length }: Input, start: number): void {
  const checksumAt = start + 10 + (bytes[start + 9] ?? 0)
  if (checksumAt + 1 >= length) return
  let sum = 0
  for (let at = start; at < checksumAt; at += 1) sum += bytes[at] ?? 0
  bytes[checksumAt] = sum & 0xff
  bytes[checksumAt + 1] = 0x16
}

/** A place with 68H and another seven bytes later, looked for from anywhere; -1 for none. */
function headerAt(random: FuzzRandom, { bytes, length }: Input): number {
  const from = random.below(length)
  for (let at = from; at + 9 < length; at += 1) if (bytes[at] === 0x68 && bytes[at + 7] === 0x68) return at
  for (let at = 0; at < from && at + 9 < length; at += 1) if (bytes[at] === 0x68 && bytes[at + 7] === 0x68) return at
  return -1
}

function insert(input: Input, at: number, source: Uint8Array, from: number, count: number): void {
  const bytes = Math.min(count, source.length - from, maxInputBytes - input.length)
  if (bytes <= 0) return
  input.bytes.copyWithin(at + bytes, at, input.length)
  input.bytes.set(source.subarray(from, from + bytes), at)
  input.length += bytes
}

function remove(input: Input, at: number, count: number): void {
  const bytes = Math.min(count, input.length - at)
  input.bytes.copyWithin(at, at + bytes, input.length)
  input.length -= bytes
}
