import { itemFamilies } from '../../../protocols/dlt645/catalogue/catalogue.js'
import { functions1997, functions2007 } from '../../../protocols/dlt645/control-code.js'
import type { DataItem } from '../../../protocols/dlt645/data-item.js'
import type { Field, FieldType } from '../../../protocols/dlt645/field.js'
import { identifiersOf, itemOf } from '../../../protocols/dlt645/item-family.js'
import type { FuzzRandom } from '../fuzz-random.js'
import { appendByte, appendBytes, type Input } from '../input.js'
import type { Grammar } from './grammar.js'
import { appendLoadRecords } from './load-record.js'

/** By family, so that a kind with few items comes up as often as one with thousands. */
const families: readonly (readonly DataItem[])[] = itemFamilies.map((family) =>
  [...identifiersOf(family)].map((bytes) => itemOf(family, bytes)),
)
const codes2007 = Object.values(functions2007)
const codes1997 = Object.values(functions1997)
const relayCode = functions2007.control_relay
const relayCommands = [0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x2a, 0x3b]
const levels = [0x02, 0x04, 0x96, 0x97, 0x98, 0x99]
const frameStart = 0x68
const dataOffset = 0x33
const lengthOffset = 9
const headerBytes = 10
/** A data field ends here, so that what follows needs another frame. */
const fullData = 250

/** One frame of any function of either edition, request or reply. */
export const anyFrame: Grammar = (random, input) => {
  const kind = random.below(16)
  if (kind < 7) appendReadReply(random, input, 0)
  else if (kind < 9) appendRequest(random, input)
  else if (kind < 11)
    appendFrame(random, input, random.pick(codes2007) | random.pick([0x80, 0xc0, 0xa0]), () =>
      appendSome(random, input),
    )
  else if (kind < 12)
    appendFrame(random, input, random.pick(codes1997) | random.pick([0, 0x80, 0xc0, 0xa0]), () =>
      appendSome(random, input),
    )
  else if (kind < 13) appendFrame(random, input, random.below(256), () => appendSome(random, input))
  else if (kind < 14)
    appendFrame(random, input, random.pick([0xd1, 0xd4, 0xc1, 0xdc, 0xc3]), () =>
      appendRandom(random, input, random.pick([1, 2, 4])),
    )
  else appendLoadReply(random, input)
}

/** What a line delivers: frames with wake-up bytes and noise between them, some cut short. */
export const lineStream: Grammar = (random, input) => {
  const pieces = 1 + random.below(4)
  for (let piece = 0; piece < pieces; piece += 1) {
    const kind = random.below(12)
    if (kind < 7) anyFrame(random, input)
    else if (kind < 8) appendFilling(input, 0xfe, 1 + random.below(6))
    else if (kind < 9) appendRandom(random, input, random.below(40))
    else if (kind < 10) appendExchange(random, input)
    else {
      const start = input.length
      anyFrame(random, input)
      input.length = start + random.below(input.length - start + 1)
    }
  }
}

/** An answer in several parts: B1H (A1H), then 92H (82H) with their numbers, now and then one wrong, missing or twice. */
export const appendExchange: Grammar = (random, input) => {
  const is2007 = !random.oneIn(4)
  const item = itemOfEdition(random, is2007 ? '2007' : '1997')
  const address = random.next()
  const parts = 1 + random.below(6)
  const part = () =>
    item.layout.kind === 'load_records' ? appendLoadRecords(random, input) : appendItem(random, input, item, false)
  appendFrame(random, input, is2007 ? 0xb1 : 0xa1, () => (appendIdentifier(input, item), part()), address)
  for (let number = 1; number <= parts; number += 1) {
    const isLast = number === parts
    const code = (is2007 ? 0x12 : 0x02) | 0x80 | (isLast ? 0 : 0x20)
    const sequence = random.oneIn(12) ? random.below(256) : number
    appendFrame(
      random,
      input,
      code,
      () => {
        appendIdentifier(input, item)
        part()
        if (is2007) appendByte(input, sequence)
      },
      address,
    )
  }
}

/** Identifiers that bills are made of, with as many bytes as their values have, or nearly. */
const billed: readonly (readonly [identifier: readonly number[], bytes: readonly number[]])[] = [
  [
    [0x00, 0xff, 0x01, 0x00],
    [4, 8, 20, 24],
  ],
  [
    [0x00, 0x00, 0x01, 0x00],
    [4, 5],
  ],
  [[0x01, 0x00, 0x06, 0x05], [5]],
  [
    [0x01, 0x01, 0x06, 0x05],
    [4, 16, 20],
  ],
  [[0x01, 0x01, 0x00, 0x04], [4]],
  [[0x02, 0x01, 0x00, 0x04], [3]],
  [[0x03, 0x05, 0x00, 0x04], [2]],
]

/** A read reply as `frameContent` has it, of an item that the head-end reads. */
export const billedContent: Grammar = (random, input) => {
  const [identifier, bytes] = random.pick(billed)
  appendByte(input, random.oneIn(8) ? random.below(256) : random.pick([0x91, 0xb1, 0xd1]))
  for (const byte of identifier) appendByte(input, byte)
  const count = random.pick(bytes)
  const kind = random.below(8)
  if (kind === 0) appendRandom(random, input, count)
  else if (kind === 1) appendFilling(input, random.pick([0xff, 0x00]), count)
  else if (kind < 5) appendDigits(random, input, count)
  else for (let at = 0; at < count; at += 1) appendByte(input, random.pick([0x00, 0x01, 0x05, 0x12, 0x10]))
}

/** Control code, then data without their offset: what a frame holds, for the decoders behind the frame layer. */
export const frameContent: Grammar = (random, input) => {
  const start = input.length
  anyFrame(random, input)
  const end = input.length - 2
  const { bytes } = input
  bytes[start] = bytes[start + lengthOffset - 1] ?? 0
  for (let at = start + headerBytes; at < end; at += 1) bytes[at - lengthOffset] = (bytes[at] ?? 0) - dataOffset
  input.length = Math.max(start + 1, end - lengthOffset)
}

function appendReadReply(random: FuzzRandom, input: Input, moreBit: number): void {
  const item = random.pick(random.pick(families))
  appendFrame(random, input, (item.edition === '2007' ? 0x91 : 0x81) | moreBit, () => {
    appendIdentifier(input, item)
    appendItem(random, input, item, true)
  })
}

function appendLoadReply(random: FuzzRandom, input: Input): void {
  appendFrame(random, input, random.pick([0x91, 0xb1]), () => {
    for (const byte of [random.below(3), 0, random.below(7), 6]) appendByte(input, byte)
    appendLoadRecords(random, input)
  })
}

function appendRequest(random: FuzzRandom, input: Input): void {
  const item = random.pick(random.pick(families))
  const is2007 = item.edition === '2007'
  const code = random.pick(is2007 ? codes2007 : codes1997)
  appendFrame(random, input, code, () => {
    if (code === relayCode && random.oneIn(2)) return appendRelayCommand(random, input)
    if (random.below(4) > 0) appendIdentifier(input, item)
    if (random.oneIn(3)) appendCredentials(random, input)
    if (random.oneIn(3)) appendDigits(random, input, 4)
    if (random.oneIn(3)) appendItem(random, input, item, true)
    else appendDigits(random, input, random.pick([0, 0, 1, 3, 4, 5, 6, 8, 12, 16]))
  })
}

/** The data field is what `appendData` appends, without its offset. */
function appendFrame(
  random: FuzzRandom,
  input: Input,
  code: number,
  appendData: () => void,
  address = random.next(),
): void {
  const start = input.length
  appendByte(input, frameStart)
  const kind = address % 16
  for (let at = 0; at < 6; at += 1)
    appendByte(input, kind === 0 ? 0xaa : kind === 1 ? 0x99 : kind === 2 ? frameStart : digitsOf(address >>> at))
  appendByte(input, frameStart)
  appendByte(input, code)
  appendByte(input, 0)
  const dataStart = input.length
  appendData()
  input.length = Math.min(input.length, dataStart + 255)
  seal(input, start, dataStart)
}

function seal(input: Input, start: number, dataStart: number): void {
  const { bytes } = input
  if (dataStart - start < headerBytes) return
  bytes[start + lengthOffset] = input.length - dataStart
  for (let at = dataStart; at < input.length; at += 1) bytes[at] = (bytes[at] ?? 0) + dataOffset
  let sum = 0
  for (let at = start; at < input.length; at += 1) sum += bytes[at] ?? 0
  appendByte(input, sum & 0xff)
  appendByte(input, 0x16)
}

function itemOfEdition(random: FuzzRandom, edition: DataItem['edition']): DataItem {
  for (;;) {
    const item = random.pick(random.pick(families))
    if (item.edition === edition) return item
  }
}

function appendIdentifier(input: Input, { dataIdentifier }: DataItem): void {
  for (let at = dataIdentifier.length - 2; at >= 0; at -= 2)
    appendByte(input, Number.parseInt(dataIdentifier.slice(at, at + 2), 16))
}

/** Values of an item, as many as a length of it has; `whole` stops before a field that does not fit. */
function appendItem(random: FuzzRandom, input: Input, { layout }: DataItem, whole: boolean): void {
  const end = input.length + fullData
  const style = random.below(8)
  switch (layout.kind) {
    case 'fixed':
      return appendValues(random, input, layout.fields, style, end, whole)
    case 'variants':
      return appendValues(random, input, layout.variants[random.below(5)] ?? [], style, end, whole)
    case 'block': {
      const count = layout.least + random.below(Math.min(layout.groups.length - layout.least + 1, 8))
      for (let at = 0; at < count; at += 1) appendValues(random, input, layout.groups[at] ?? [], style, end, whole)
      return undefined
    }
    case 'load_records':
      return undefined
  }
}

function appendValues(
  random: FuzzRandom,
  input: Input,
  fields: readonly Field[],
  style: number,
  end: number,
  whole: boolean,
): void {
  for (const { type } of fields) {
    const room = end - input.length
    if (room <= 0 || (whole && room < type.bytes)) return
    appendValue(random, input, type, style)
  }
}

const exampleBytes = new WeakMap<FieldType, Buffer>()

/** Mostly values that the field may hold; style 0 mixes in others. */
function appendValue(random: FuzzRandom, input: Input, type: FieldType, style: number): void {
  const kind = style === 0 ? random.below(5) : style < 5 ? 0 : 1
  if (kind === 0) return appendDigits(random, input, type.bytes)
  if (kind === 2) return appendFilling(input, 0xff, type.bytes)
  if (kind === 3) return appendFilling(input, 0, type.bytes)
  if (kind === 4) return appendRandom(random, input, type.bytes)
  let example = exampleBytes.get(type)
  if (example === undefined) exampleBytes.set(type, (example = type.write(type.example) ?? Buffer.alloc(type.bytes)))
  appendBytes(input, example)
}

/** Data of any length and kind. */
function appendSome(random: FuzzRandom, input: Input): void {
  const bytes = random.oneIn(8) ? random.below(256) : random.below(20)
  if (random.oneIn(2)) appendDigits(random, input, bytes)
  else appendRandom(random, input, bytes)
}

function digitsOf(value: number): number {
  return ((value >>> 8) % 10) * 16 + (value % 10)
}

export function appendDigits(random: FuzzRandom, input: Input, bytes: number): void {
  for (let at = 0; at < bytes; at += 1) appendByte(input, digitsOf(random.next()))
}

export function appendRandom(random: FuzzRandom, input: Input, bytes: number): void {
  for (let at = 0; at < bytes; at += 1) appendByte(input, random.next() & 0xff)
}

export function appendFilling(input: Input, byte: number, bytes: number): void {
  for (let at = 0; at < bytes; at += 1) appendByte(input, byte)
}

/** Level, password, operator, command, time. */
function appendRelayCommand(random: FuzzRandom, input: Input): void {
  appendCredentials(random, input)
  appendDigits(random, input, 4)
  appendByte(input, random.pick(relayCommands))
  appendByte(input, random.oneIn(2) ? 0 : random.below(256))
  for (const byte of [0x00, 0x30, 0x12, 0x30, 0x12, 0x99]) appendByte(input, byte)
  if (random.oneIn(3)) appendRandom(random, input, 4)
}

function appendCredentials(random: FuzzRandom, input: Input): void {
  appendByte(input, random.pick(levels))
  appendDigits(random, input, 3)
}
