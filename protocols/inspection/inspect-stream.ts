import { present } from '../../domain/result.js'
import type { Edition } from '../dlt645/data-item.js'
import { dlt645Framing, openFrame } from '../dlt645/frame.js'
import { parseMessage } from '../dlt645/message.js'
import { addPart, type Assembly, startAssembly } from '../dlt645/reassembly.js'
import { dlt698Framing, frameEnd } from '../dlt698/framing.js'
import { inspectDlt698 } from '../dlt698/inspect-dlt698.js'
import type { FrameError, Framing } from '../framing.js'
import { gdw1376Framing } from '../gdw1376/framing.js'
import { inspectGdw1376 } from '../gdw1376/inspect-gdw1376.js'
import { createStreamSplitter, type FoundFrame, frameStart } from '../stream-splitter.js'
import { inspectDlt645, inspectPayload } from './inspect-dlt645.js'
import type { InspectedFrame } from './inspected-frame.js'
import { createSegmentJoiner } from './joined-segments.js'

/** What a stretch of bytes holds, when silence came before and after it. */
export type StreamReport =
  | { readonly ok: true; readonly frames: readonly InspectedFrame[]; readonly discardedBytes: number }
  | { readonly ok: false; readonly error: StreamError }

/** Why there is no frame at all: the rule that the most promising start breaks, and where that start stands. */
export type StreamError = FrameError & { readonly offset: number }

export interface InspectOptions {
  /** Decides for DL/T 645 frames, which otherwise tell it themselves. */
  readonly edition?: Edition | undefined
}

interface Family {
  readonly framing: Framing
  readonly inspect: (bytes: Buffer, offset: number, options: InspectOptions) => InspectedFrame
}

/** Envelopes first: what they carry is found in them, not beside them. */
const families: readonly Family[] = [
  {
    framing: gdw1376Framing,
    inspect: (bytes, offset, options) => inspectGdw1376(bytes, offset, carriedBy(bytes, offset, options)),
  },
  { framing: dlt645Framing, inspect: (bytes, offset, { edition }) => inspectDlt645(bytes, offset, edition) },
  {
    framing: dlt698Framing,
    inspect: (bytes, offset, options) => inspectDlt698(bytes, offset, carriedBy(bytes, offset, options)),
  },
]
const framings = families.map(({ framing }) => framing)

/** Reads the DL/T 645 frame that an envelope carries; null for anything else. */
function carriedBy(
  envelope: Buffer,
  offset: number,
  { edition }: InspectOptions,
): (bytes: Buffer) => InspectedFrame | null {
  return (bytes) => (isWhole645(bytes) ? inspectDlt645(bytes, offset + envelope.indexOf(bytes), edition) : null)
}

export function inspectStream(bytes: Buffer, options: InspectOptions = {}): StreamReport {
  const splitter = createStreamSplitter(framings)
  const found = [...splitter.push(bytes), ...splitter.timeout()]
  if (found.length === 0) return { ok: false, error: reasonOf(bytes) }
  const frames = found.map((each) => inspectFound(each, options))
  const joined = withJoined(found, withAssembled(found, frames, options), options)
  return { ok: true, frames: joined, discardedBytes: splitter.discardedBytes }
}

function inspectFound({ framing, bytes, offset }: FoundFrame, options: InspectOptions): InspectedFrame {
  const family = present(
    families.find((each) => each.framing === framing),
    'the family of a framing',
  )
  return family.inspect(bytes, offset, options)
}

/** The last segment of a DL/T 698.45 answer, when all are there in order, shows what the whole says. */
function withJoined(
  found: readonly FoundFrame[],
  frames: readonly InspectedFrame[],
  { edition }: InspectOptions,
): readonly InspectedFrame[] {
  let offset = 0
  const join = createSegmentJoiner((bytes) => (isWhole645(bytes) ? inspectDlt645(bytes, offset, edition) : null))
  return frames.map((frame, index) => {
    const each = found[index]
    if (each?.framing !== dlt698Framing) return frame
    offset = frame.offset
    return join(frame, each.bytes)
  })
}

function isWhole645(bytes: Buffer): boolean {
  return bytes.length > 0 && dlt645Framing.measure(bytes, 0, bytes.length) === bytes.length
}

/** The last part of a longer answer, when all its parts are there in order, shows the values of the whole before its number. */
function withAssembled(
  found: readonly FoundFrame[],
  frames: readonly InspectedFrame[],
  { edition }: InspectOptions,
): readonly InspectedFrame[] {
  /** By address: meters of one line may talk in between. */
  const assemblies = new Map<string, Assembly>()
  return frames.map((frame, index) => {
    const bytes = found[index]?.framing === dlt645Framing ? found[index]?.bytes : undefined
    const message = bytes === undefined ? null : parseMessage(openFrame(bytes), edition)
    if (message === null || message.direction === 'request') return frame
    const started = startAssembly(message)
    if (started.ok) {
      keep(message.address, started.value)
      return frame
    }
    const assembly = assemblies.get(message.address)
    const added = assembly === undefined ? null : addPart(assembly, message)
    if (added === null || !added.ok) return frame
    keep(message.address, added.value)
    if (added.value.state === 'collecting') return frame
    const values = inspectPayload(message.edition, added.value.dataIdentifier, added.value.payload)
    return { ...frame, values: [...values, ...frame.values] }
  })

  function keep(address: string, assembly: Assembly): void {
    if (assembly.state === 'collecting') assemblies.set(address, assembly)
    else assemblies.delete(address)
  }
}

/** How far a start got before it broke a rule; the one that got furthest is what a person wants to hear of. */
const progress: readonly FrameError['kind'][] = [
  'start_missing',
  'frame_too_short',
  'header_checksum_mismatch',
  'length_out_of_range',
  'length_mismatch',
  'end_missing',
  'checksum_mismatch',
]

function reasonOf(bytes: Buffer): StreamError {
  let reason: StreamError = { kind: 'start_missing', offset: 0 }
  for (let at = bytes.indexOf(frameStart); at !== -1; at = bytes.indexOf(frameStart, at + 1)) {
    for (const framing of framings) {
      const error = framing.explain(bytes, at, bytes.length)
      if (error === null || isFarFetched(framing, error, bytes, at)) continue
      if (progress.indexOf(error.kind) > progress.indexOf(reason.kind)) reason = { ...error, offset: at }
    }
  }
  return reason
}

/**
 * DL/T 698.45 has no second start, so a header that is wrong is rather none: any 68H looks like one. Only an end where the
 * length announces it speaks for a frame of this family.
 */
function isFarFetched(framing: Framing, { kind }: FrameError, bytes: Buffer, at: number): boolean {
  if (framing !== dlt698Framing || (kind !== 'length_out_of_range' && kind !== 'header_checksum_mismatch')) return false
  return bytes[at + 1 + bytes.readUInt16LE(at + 1)] !== frameEnd
}
