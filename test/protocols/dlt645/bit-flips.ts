// One flipped bit never makes another reading. Over many frames, with the length byte only:
// node build/test/protocols/dlt645/bit-flips.js [FRAMES] [SEED]
import { pathToFileURL } from 'node:url'
import { dlt645Framing } from '../../../protocols/dlt645/frame.js'
import { inspectDlt645 } from '../../../protocols/inspection/inspect-dlt645.js'
import { createStreamSplitter } from '../../../protocols/stream-splitter.js'
import { createFuzzRandom, type FuzzRandom } from '../../fuzz/fuzz-random.js'
import { anyReading, anyTrailer } from './sound-readings.js'

export interface FlipReport {
  readonly frames: number
  /** Streams with one flipped bit that were looked at. */
  readonly streams: number
  /** Streams in which a frame was found where the flipped one stood. */
  readonly foundInstead: number
  /** Streams with a reading that nobody sent, as hexadecimal. */
  readonly wrong: readonly string[]
}

const framings = [dlt645Framing]
const lengthOffset = 9
const trailerCount = 600
const mostWrong = 10

/** Flips each bit of the length byte, with something behind the frame, of as many seeded readings. */
export function flipLengths(frames: number, seed: number): FlipReport {
  return flip(frames, seed, (frame, visit) => {
    for (let bit = 0; bit < 8; bit += 1) visit(lengthOffset, bit, frame)
  })
}

/** Flips each bit of each byte but the length byte. */
export function flipOthers(frames: number, seed: number): FlipReport {
  return flip(frames, seed, (frame, visit) => {
    for (const at of frame.keys()) if (at !== lengthOffset) for (let bit = 0; bit < 8; bit += 1) visit(at, bit, frame)
  })
}

type Visit = (at: number, bit: number, frame: Buffer) => void

function flip(frames: number, seed: number, eachBit: (frame: Buffer, visit: Visit) => void): FlipReport {
  const random = createFuzzRandom(seed)
  const trailers = Array.from({ length: trailerCount }, () => trailerOf(random))
  const wrong: string[] = []
  let streams = 0
  let foundInstead = 0
  for (let index = 0; index < frames && wrong.length < mostWrong; index += 1) {
    random.reseed(seed, index)
    const frame = anyReading(random)
    const sent = frame.toString('hex').toUpperCase()
    eachBit(frame, (at, bit) => {
      const trailer = random.pick(trailers)
      const stream = Buffer.concat([frame, trailer.bytes])
      stream[at] = (stream[at] ?? 0) ^ (1 << bit)
      streams += 1
      const found = foundIn(stream)
      for (const { offset, bytes } of found) {
        if (offset >= frame.length) continue
        foundInstead += 1
        const hex = bytes.toString('hex').toUpperCase()
        if (hex !== sent && !trailer.frames.has(hex) && isReading(bytes)) wrong.push(stream.toString('hex'))
      }
    })
  }
  return { frames, streams, foundInstead, wrong }
}

/** Something behind the frame, and the frames in it: those were sent, too. */
function trailerOf(random: FuzzRandom): { readonly bytes: Buffer; readonly frames: ReadonlySet<string> } {
  const bytes = anyTrailer(random)
  return { bytes, frames: new Set(foundIn(bytes).map((found) => found.bytes.toString('hex').toUpperCase())) }
}

function foundIn(stream: Buffer) {
  const splitter = createStreamSplitter(framings)
  const found = splitter.push(stream)
  return [...found, ...splitter.timeout()]
}

/** Numbers of further parts: they are values of nothing but the exchange. */
const furtherParts: ReadonlySet<string> = new Set(['92', 'B2'])

/** Whether somebody would take values from it: a reply that names an item and whose values are all sound. */
function isReading(bytes: Buffer): boolean {
  const { direction, controlCode, dataIdentifier, values } = inspectDlt645(bytes, 0)
  if (direction === 'request' || dataIdentifier === null || furtherParts.has(controlCode)) return false
  return values.length > 0 && values.every(({ state }) => state === 'ok')
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const started = performance.now()
  const report = flipLengths(Number(process.argv[2] ?? '1e7'), Number(process.argv[3] ?? '1'))
  process.stdout.write(`${JSON.stringify({ ...report, seconds: Math.round((performance.now() - started) / 1000) })}\n`)
  process.exitCode = report.wrong.length > 0 ? 1 : 0
}
