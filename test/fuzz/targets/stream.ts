import { invariant, present } from '../../../domain/result.js'
import { encodeFrame, maxFrameBytes, openFrame } from '../../../protocols/dlt645/frame.js'
import { createFrameSplitter, type FrameSplitter, type SplitFrame } from '../../../protocols/dlt645/frame-splitter.js'
import { encodeDlt645Spec, type Dlt645Spec, dlt645SpecSchema } from '../../../protocols/inspection/dlt645-spec.js'
import { inspectStream } from '../../../protocols/inspection/inspect-stream.js'
import type { InspectedFrame } from '../../../protocols/inspection/inspected-frame.js'
import { wakeUpByte } from '../../../protocols/stream-splitter.js'
import { createFuzzRandom, type FuzzRandom, hashOf } from '../fuzz-random.js'

const random = createFuzzRandom()
const leastFrameBytes = 12

/** However the stream is cut, the same frames come out, every byte is accounted for, and little waits. */
export function checkFrameSplitter(input: Buffer): void {
  random.reseed(hashOf(input), 0)
  const whole = createFrameSplitter()
  const found = [...whole.push(input), ...whole.timeout()]
  accountFor(input, whole, found)
  for (const { frame, bytes } of found) invariant(encodeFrame(frame).equals(bytes), 'what was read is written alike')

  const cut = createFrameSplitter()
  const again = pushInChunks(random, input, cut, false)
  invariant(again.length === found.length, `cut: ${again.length} frames, whole: ${found.length}`)
  for (const [index, { bytes }] of again.entries())
    invariant(bytes.equals(present(found[index], 'a frame').bytes), `frame ${index} differs when the stream is cut`)
  invariant(cut.discardedBytes === whole.discardedBytes, 'as many bytes are discarded when the stream is cut')
  invariant(cut.damagedFrames === whole.damagedFrames, 'as many frames are damaged when the stream is cut')

  if (!random.oneIn(4)) return
  const interrupted = createFrameSplitter()
  accountFor(input, interrupted, pushInChunks(random, input, interrupted, true))
}

/** What one line of the protocol tool says. */
export function checkInspectStream(input: Buffer): void {
  const report = inspectStream(input)
  if (!report.ok) {
    const { offset } = report.error
    return invariant(offset >= 0 && offset <= Math.max(0, input.length - 1), 'the error stands in the input')
  }
  invariant(report.frames.length <= input.length / leastFrameBytes, 'no more frames than bytes for them')
  let end = 0
  for (const frame of report.frames) {
    const bytes = frame.hex.length / 2
    invariant(frame.offset >= end, 'frames follow each other')
    end = frame.offset + bytes
    invariant(input.toString('hex', frame.offset, end).toUpperCase() === frame.hex, 'the frame is a part of the input')
    invariant(frame.values.length <= input.length, 'no more values than bytes')
    for (const { state, value } of frame.values)
      invariant((state === 'ok') === (value !== null), 'a value is there when it is ok')
    if (frame.protocol.startsWith('dlt645')) checkEncode(frame, input.subarray(frame.offset, end))
  }
  invariant(report.discardedBytes <= input.length, 'no more is discarded than came')
}

const schemaOdds = 64
const valuesOdds = 256

/** What the tool prints can be fed back to it. The schema is slow, so that it sees some of the frames only. */
function checkEncode(frame: InspectedFrame, bytes: Buffer): void {
  const { protocol, address, controlCode, dataIdentifier, payload } = frame
  const spec = { protocol, address, controlCode, dataIdentifier, payload, values: [], wakeUpBytes: 0 } as Dlt645Spec
  const encoded = encodeDlt645Spec((bytes.at(-2) ?? 0) % schemaOdds === 0 ? dlt645SpecSchema.parse(spec) : spec)
  if (hashOf(bytes) % valuesOdds === 0) checkEncodeValues(frame)
  invariant(encoded.ok, `not encoded: ${encoded.ok || encoded.error.kind}`)
  invariant(encoded.ok && encoded.value.equals(bytes), 'what was decoded encodes to the same bytes')
}

/** Values in place of the payload may fit no form, but those that do say the same again. */
function checkEncodeValues(frame: InspectedFrame): void {
  const { protocol, address, controlCode, dataIdentifier, values } = frame
  const encoded = encodeDlt645Spec(dlt645SpecSchema.parse({ protocol, address, controlCode, dataIdentifier, values }))
  if (!encoded.ok || frame.refusal !== null) return
  const report = inspectStream(encoded.value, protocol === 'dlt645-1997' ? { edition: '1997' } : {})
  const [again] = report.ok ? report.frames : []
  invariant(again !== undefined, 'a frame that was written is found')
  invariant(
    again !== undefined &&
      again.values.length === values.length &&
      again.values.every(({ value }, index) => value === values[index]?.value),
    'values that were written are read again',
  )
}

/** Mostly a few large chunks, as from a socket; byte by byte now and then. */
const chunkBytes = [1, 8, 60, 60, 60, 300, 300, 300]

function pushInChunks(
  from: FuzzRandom,
  input: Buffer,
  splitter: FrameSplitter,
  withSilence: boolean,
): readonly SplitFrame[] {
  const found: SplitFrame[] = []
  const most = from.pick(chunkBytes)
  let accounted = 0
  const take = (frames: readonly SplitFrame[]) => {
    for (const split of frames) {
      found.push(split)
      accounted += split.bytes.length
    }
  }
  for (let at = 0; at < input.length; ) {
    const end = Math.min(input.length, at + 1 + from.below(most))
    take(splitter.push(input.subarray(at, end)))
    if (withSilence && from.oneIn(4)) take(splitter.timeout())
    for (; at < end; at += 1) if (input[at] === wakeUpByte) accounted += 1
    // Wake-up bytes that wait or are a part of a frame are accounted for too early, so that this is a little lenient.
    invariant(end - accounted - splitter.discardedBytes < maxFrameBytes, 'fewer bytes wait than the longest frame has')
  }
  take(splitter.timeout())
  return found
}

/** Every byte is in a frame, discarded, or wakes the line up outside of a frame. */
function accountFor(
  input: Buffer,
  { discardedBytes, damagedFrames }: FrameSplitter,
  found: readonly SplitFrame[],
): void {
  let accounted = discardedBytes + wakeUpBytesOf(input, input.length)
  for (const { bytes, frame } of found) {
    accounted += bytes.length - wakeUpBytesOf(bytes, bytes.length)
    invariant(openFrame(bytes).address === frame.address, 'a frame is read alike twice')
  }
  invariant(accounted === input.length, `${accounted} of ${input.length} bytes are accounted for`)
  invariant(damagedFrames <= discardedBytes, 'a damaged frame costs a byte at least')
}

function wakeUpBytesOf(bytes: Buffer, end: number): number {
  let count = 0
  for (let at = 0; at < end; at += 1) if (bytes[at] === wakeUpByte) count += 1
  return count
}
