import { err, ok, type Result } from '../../domain/result.js'
import { maxFrameBytes } from '../dlt645/frame.js'
import { createFrameSplitter } from '../dlt645/frame-splitter.js'
import { wakeUpByte } from '../stream-splitter.js'
import type { EnvelopeError } from './envelope-content.js'
import { hexOf } from '../hex.js'

/** Most frames or values in one message. */
export const maxItemsPerMessage = 1000
export const maxPayloadBytes = 1_000_000

export interface FrameRules {
  readonly framing: 'one' | 'found'
  readonly prefixBytes: number
  readonly suffix: string
}

export interface CarriedFrames {
  /** Upper-case hexadecimal; null where the form has no prefix. */
  readonly prefix: string | null
  readonly frames: readonly Buffer[]
}

/** The frames in what an envelope carries as one run of bytes; `offset` is where that run stands in the payload. */
export function framesIn(bytes: Buffer, rules: FrameRules, offset: number): Result<CarriedFrames, EnvelopeError> {
  const { prefixBytes } = rules
  if (bytes.length < prefixBytes) return err({ kind: 'prefix_missing', offset: offset + bytes.length })
  const prefix = prefixBytes === 0 ? null : hexOf(bytes.subarray(0, prefixBytes))
  const rest = withoutSuffix(bytes.subarray(prefixBytes), rules.suffix)
  const at = offset + prefixBytes
  if (rules.framing === 'found') {
    const frames = foundIn(rest)
    if (frames.length === 0) return err({ kind: 'no_frame', offset: at })
    if (frames.length > maxItemsPerMessage)
      return err({ kind: 'too_many_items', offset: at, limit: maxItemsPerMessage })
    return ok({ prefix, frames })
  }
  const frame = withoutWakeUp(rest)
  if (frame.length === 0) return err({ kind: 'no_frame', offset: at })
  if (frame.length > maxFrameBytes) return err({ kind: 'frame_too_long', offset: at, limit: maxFrameBytes })
  return ok({ prefix, frames: [frame] })
}

/** Bytes of hexadecimal text; blanks and line ends between digits are ignored. `offset` counts characters. */
export function hexBytes(text: string): Result<Buffer, EnvelopeError> {
  const offset = text.search(/[^0-9A-Fa-f\s]/)
  if (offset !== -1) return err({ kind: 'not_hexadecimal', offset })
  const digits = text.replaceAll(/\s+/g, '')
  if (digits.length % 2 !== 0) return err({ kind: 'not_hexadecimal', offset: text.length })
  return ok(Buffer.from(digits, 'hex'))
}

function foundIn(bytes: Buffer): readonly Buffer[] {
  const splitter = createFrameSplitter()
  return [...splitter.push(bytes), ...splitter.timeout()].map((found) => found.bytes)
}

function withoutSuffix(bytes: Buffer, suffix: string): Buffer {
  const expected = Buffer.from(suffix, 'hex')
  const at = bytes.length - expected.length
  return expected.length > 0 && at >= 0 && bytes.subarray(at).equals(expected) ? bytes.subarray(0, at) : bytes
}

function withoutWakeUp(bytes: Buffer): Buffer {
  let at = 0
  while (bytes[at] === wakeUpByte) at += 1
  return bytes.subarray(at)
}
