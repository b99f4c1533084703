// Decodes and encodes DL/T 645 reading frames on one core, beside a loop that only adds up the same bytes:
// node build/bench/frames.js [FRAMES]
import { invariant, present, unreachable } from '../domain/result.js'
import { findDataItem } from '../protocols/dlt645/catalogue/catalogue.js'
import { decodeItem, encodeItem } from '../protocols/dlt645/data-items.js'
import { readFields } from '../protocols/dlt645/field.js'
import { createFrameSplitter } from '../protocols/dlt645/frame-splitter.js'
import { encodeDataReply, parseReply } from '../protocols/dlt645/messages-2007.js'
import { fieldsFor } from '../protocols/dlt645/data-item.js'
import { benchArguments } from './bench-process.js'
import { type BenchReport, type BenchResult, machineOf, result, secondsOf } from './bench-report.js'

const { frames } = benchArguments('frames').sizes
const chunkBytes = 65_536
const meters = 1000
const wakeUpBytes = 4
/** What a daily read brings: a stamp, a total, a block of five registers. */
const kinds = ['stamp', 'total', 'block'] as const

const stream = readingStream(frames)
const report: BenchReport = { name: 'frames', machine: machineOf('none'), results: await measure() }
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)

async function measure(): Promise<readonly BenchResult[]> {
  // A first round lets the compiler see every path; it is not counted.
  decodeRegisters(readingStream(100_000))
  decodeTexts(readingStream(100_000))
  let checksum = 0
  const floor = frames / (await secondsOf(async () => (checksum = addUp(stream))))
  let decoded = 0
  const registers = frames / (await secondsOf(async () => (decoded = decodeRegisters(stream))))
  let texts = 0
  const fields = frames / (await secondsOf(async () => (texts = decodeTexts(stream))))
  let bytes = 0
  const encoded = frames / (await secondsOf(async () => (bytes = encodeAll(frames))))
  invariant(decoded === frames && texts === frames && checksum > 0 && bytes > 0, 'every frame was worked on')
  const floorPeer = (value: number) => ({
    name: 'checksum loop over the same bytes',
    value: floor,
    ratio: value / floor,
  })
  return [
    result('decode: stream to exact registers', registers, 'frames/s', floorPeer(registers)),
    result('decode: stream to exact texts by the catalogue', fields, 'frames/s', floorPeer(fields)),
    result('encode: exact registers to bytes', encoded, 'frames/s', floorPeer(encoded)),
  ]
}

function readingStream(count: number): Buffer {
  const some = Array.from({ length: Math.min(count, meters * kinds.length) }, (_, index) => replyOf(index))
  const whole = Buffer.concat(some)
  return Buffer.concat(Array.from({ length: Math.ceil(count / some.length) }, () => whole)).subarray(
    0,
    Math.floor(count / some.length) * whole.length +
      some.slice(0, count % some.length).reduce((sum, each) => sum + each.length, 0),
  )
}

function replyOf(index: number): Buffer {
  const address = String(Math.floor(index / kinds.length) % meters).padStart(12, '0')
  const totalE4 = BigInt(index % 99_999_999) * 100n
  const kind = kinds[index % kinds.length] ?? 'stamp'
  switch (kind) {
    case 'stamp':
      return encodeDataReply(address, '05060001', encodeItem('daily_freeze_stamp', Date.UTC(2026, 5, 30, 16)), {
        wakeUpBytes,
      })
    case 'total':
      return encodeDataReply(
        address,
        '00010000',
        encodeItem('forward_active_total', { totalE4, touE4: [null, null, null, null] }),
        { wakeUpBytes },
      )
    case 'block':
      return encodeDataReply(
        address,
        '0001FF00',
        encodeItem('forward_active_block', { totalE4, touE4: [totalE4, 0n, totalE4, 0n] }),
        { wakeUpBytes },
      )
    default:
      return unreachable(kind)
  }
}

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

function decodeRegisters(bytes: Buffer): number {
  const splitter = createFrameSplitter()
  let count = 0
  for (const chunk of chunksOf(bytes)) {
    for (const { frame } of splitter.push(chunk)) {
      const reply = parseReply(frame)
      if (!reply.ok || reply.value.kind !== 'data') continue
      const { dataIdentifier, payload } = reply.value
      const value =
        dataIdentifier === '05060001'
          ? decodeItem('daily_freeze_stamp', payload)
          : decodeItem(dataIdentifier === '00010000' ? 'forward_active_total' : 'forward_active_block', payload)
      if (value.ok) count += 1
    }
  }
  return count
}

function decodeTexts(bytes: Buffer): number {
  const splitter = createFrameSplitter()
  let count = 0
  for (const chunk of chunksOf(bytes)) {
    for (const { frame } of splitter.push(chunk)) {
      const reply = parseReply(frame)
      if (!reply.ok || reply.value.kind !== 'data') continue
      const { dataIdentifier, payload } = reply.value
      const fields = fieldsFor(present(findDataItem('2007', dataIdentifier), dataIdentifier).layout, payload.length)
      if (fields !== null && readFields(fields, payload).every(({ state }) => state === 'ok')) count += 1
    }
  }
  return count
}

function encodeAll(count: number): number {
  let bytes = 0
  for (let index = 0; index < count; index += 1) bytes += replyOf(index).length
  return bytes
}

/** The least that anybody must do who checks frames: look at every byte once. */
function addUp(bytes: Buffer): number {
  let sum = 0
  for (const chunk of chunksOf(bytes)) {
    let part = 0
    for (let at = 0; at < chunk.length; at += 1) part = (part + (chunk[at] ?? 0)) & 0xff
    sum += part
  }
  return sum
}
