import { columnLike, dataTags } from './dlt698-tags.js'
import { crc16X25 } from '../../../protocols/dlt698/crc16.js'
import { meterObjects } from '../../../protocols/dlt698/object-catalogue.js'
import type { FuzzRandom } from '../fuzz-random.js'
import { appendByte, type Input } from '../input.js'
import { anyFrame, appendRandom } from './dlt645.js'
import type { Grammar } from './grammar.js'

const objects = meterObjects().map(({ oi }) => oi)
const mostDepth = 4
const mostNested = 24
const scrambleOffset = 0x33

/** A service with its data, sound in most places. */
export const anyApdu: Grammar = (random, input) => {
  if (random.oneIn(12)) return appendNested(random, input)
  const kind = random.below(16)
  const piid = random.below(64)
  if (kind < 3) appendGetRequest(random, input, piid)
  else if (kind < 10) appendGetResponse(random, input, piid)
  else if (kind < 12) appendForward(random, input, piid)
  else if (kind < 13) return appendLink(random, input, piid)
  else if (kind < 15) return appendSecurity(random, input)
  else appendRandom(random, input, 1 + random.below(40))
  if (random.oneIn(4)) appendByte(input, 0)
  appendByte(input, 0)
}

/** A frame with both checks, whole or a segment, scrambled or not. */
export const dlt698Frame: Grammar = (random, input) => {
  const start = input.length
  const control = random.pick([0x43, 0xc3, 0x83, 0x81, 0x01, 0x63, 0xe3, 0x4b, random.below(256)])
  const addressBytes = random.oneIn(4) ? 1 + random.below(16) : 6
  for (const byte of [0x68, 0, 0, control, (random.below(16) << 4) | (addressBytes - 1)]) appendByte(input, byte)
  appendRandom(random, input, addressBytes)
  appendByte(input, random.below(256))
  const headerEnd = input.length
  appendByte(input, 0)
  appendByte(input, 0)
  if ((control & 0x20) !== 0) for (const byte of [random.below(4), random.below(4) << 6]) appendByte(input, byte)
  anyApdu(random, input)
  const { bytes } = input
  if ((control & 0x08) !== 0)
    for (let at = headerEnd + 2; at < input.length; at += 1) bytes[at] = (bytes[at] ?? 0) + scrambleOffset
  const length = input.length + 2 - start - 1
  bytes[start + 1] = length & 0xff
  bytes[start + 2] = length >> 8
  const headerCheck = crc16X25(bytes, start + 1, headerEnd)
  bytes[headerEnd] = headerCheck & 0xff
  bytes[headerEnd + 1] = headerCheck >> 8
  const check = crc16X25(bytes, start + 1, input.length)
  for (const byte of [check & 0xff, check >> 8, 0x16]) appendByte(input, byte)
}

function appendGetRequest(random: FuzzRandom, input: Input, piid: number): void {
  const choice = random.pick([1, 1, 2, 3, 4, 5])
  for (const byte of [0x05, choice, piid]) appendByte(input, byte)
  if (choice === 5) return appendRandom(random, input, 2)
  const count = choice === 2 || choice === 4 ? random.below(4) : 1
  if (choice === 2 || choice === 4) appendByte(input, count)
  for (let each = 0; each < count; each += 1) {
    appendOad(random, input)
    if (choice < 3) continue
    appendRowSelector(random, input)
    appendColumns(random, input)
  }
}

function appendGetResponse(random: FuzzRandom, input: Input, piid: number): void {
  const choice = random.pick([1, 1, 1, 2, 3, 3, 4, 5])
  for (const byte of [0x85, choice, piid]) appendByte(input, byte)
  let isRecord = choice === 3 || choice === 4
  let count = choice === 1 || choice === 3 ? 1 : random.below(4)
  if (choice === 5) {
    for (const byte of [random.below(2), 0, random.below(3)]) appendByte(input, byte)
    const part = random.below(3)
    appendByte(input, part)
    if (part === 0) return appendByte(input, random.below(40))
    isRecord = part === 2
    count = random.below(4)
  }
  if (choice === 2 || choice === 4 || choice === 5) appendByte(input, count)
  for (let each = 0; each < count; each += 1) {
    appendOad(random, input)
    if (isRecord) appendColumns(random, input)
    const isData = !random.oneIn(6)
    appendByte(input, isData ? 1 : 0)
    if (!isData) appendByte(input, random.below(40))
    else if (isRecord) appendRows(random, input)
    else appendData(random, input, 0)
  }
}

function appendForward(random: FuzzRandom, input: Input, piid: number): void {
  const isReply = random.oneIn(2)
  for (const byte of [isReply ? 0x89 : 0x09, 7, piid]) appendByte(input, byte)
  appendOad(random, input)
  if (isReply) appendByte(input, 1)
  else for (const byte of [3, 2, 8, 1, 0, 0, 30, 0, 100]) appendByte(input, byte)
  const lengthAt = input.length
  appendByte(input, 0)
  anyFrame(random, input)
  const length = input.length - lengthAt - 1
  if (length < 128 && lengthAt < input.length) input.bytes[lengthAt] = length
}

function appendLink(random: FuzzRandom, input: Input, piid: number): void {
  const isReply = random.oneIn(2)
  for (const byte of [isReply ? 0x81 : 0x01, piid, isReply ? 0x80 : random.below(3)]) appendByte(input, byte)
  appendRandom(random, input, isReply ? 30 : 12)
}

function appendSecurity(random: FuzzRandom, input: Input): void {
  for (const byte of [random.pick([0x10, 0x90]), random.below(3)]) appendByte(input, byte)
  const lengthAt = input.length
  appendByte(input, 0)
  appendGetResponse(random, input, 1)
  appendByte(input, 0)
  input.bytes[lengthAt] = input.length - lengthAt - 1
  appendRandom(random, input, random.below(12))
}

function appendOad(random: FuzzRandom, input: Input): void {
  if (random.oneIn(6)) return appendRandom(random, input, 4)
  const oi = Number.parseInt(random.pick(objects), 16)
  for (const byte of [oi >> 8, oi & 0xff, random.pick([2, 2, 2, 4, 3]), random.below(6)]) appendByte(input, byte)
}

function appendColumns(random: FuzzRandom, input: Input): void {
  const count = random.below(4)
  appendByte(input, count)
  for (let each = 0; each < count; each += 1) columnLike(random, input, appendOad)
}

function appendRows(random: FuzzRandom, input: Input): void {
  const rows = random.below(3)
  appendByte(input, rows)
  for (let each = 0; each < 3 * rows; each += 1) appendData(random, input, 1)
}

function appendRowSelector(random: FuzzRandom, input: Input): void {
  const choice = random.below(12)
  appendByte(input, choice)
  if (choice === 9) return appendByte(input, 1 + random.below(3))
  if (choice === 1) {
    appendOad(random, input)
    return appendData(random, input, 1)
  }
  appendRandom(random, input, choice === 0 ? 0 : 7 + random.below(10))
}

/** Arrays and structures in each other, deeper than any meter sends them. */
function appendNested(random: FuzzRandom, input: Input): void {
  for (const byte of [0x85, 0x01, random.below(64), 0x00, 0x10, 0x02, 0x00, 0x01]) appendByte(input, byte)
  for (let depth = random.below(mostNested); depth > 0; depth -= 1) {
    appendByte(input, 1 + random.below(2))
    appendByte(input, random.oneIn(4) ? random.below(256) : 1)
  }
  appendData(random, input, mostDepth)
  appendRandom(random, input, random.below(8))
}

function appendData(random: FuzzRandom, input: Input, depth: number): void {
  const [tag, bytes] = random.pick(dataTags)
  const isNested = tag === 1 || tag === 2
  if (isNested && (depth >= mostDepth || random.below(4) < depth)) return appendByte(input, 0)
  appendByte(input, tag)
  if (isNested) {
    const count = random.below(6)
    appendByte(input, count)
    for (let each = 0; each < count; each += 1) appendData(random, input, depth + 1)
  } else if (bytes < 0) {
    const count = random.below(random.oneIn(10) ? 127 : 9)
    appendByte(input, count)
    appendRandom(random, input, tag === 4 ? Math.ceil(count / 8) : count)
  } else if (tag === 28)
    for (const byte of [0x07, 0xea, 1 + random.below(12), 1 + random.below(31), random.below(24), 0, 0])
      appendByte(input, byte)
  else appendRandom(random, input, bytes)
}
