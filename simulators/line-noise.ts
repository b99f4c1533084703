import { present } from '../domain/result.js'
import type { Random } from '../domain/runtime.js'

type Harm = (frame: Buffer, at: number, dice: number) => Buffer

const harms: readonly Harm[] = [
  function flipBit(frame, at, dice) {
    const flipped = Buffer.from(frame)
    flipped.writeUInt8(frame.readUInt8(at) ^ (1 << (dice % 8)), at)
    return flipped
  },
  function loseByte(frame, at) {
    return Buffer.concat([frame.subarray(0, at), frame.subarray(at + 1)])
  },
  // Between the header's first and the trailer's first byte: 68H before 68H or 16H before 16H would do no harm.
  function insertByte(frame, anywhere, dice) {
    const at = 2 + (anywhere % (frame.length - 3))
    return Buffer.concat([frame.subarray(0, at), Buffer.from([dice]), frame.subarray(at)])
  },
  function truncate(frame, at) {
    return Buffer.from(frame.subarray(0, at))
  },
]

/**
 * A frame as a noisy line would deliver it. `parts` name the frame for the random source. The harm is always inside the frame,
 * since noise before or after a frame does it no harm.
 */
export function damage(frame: Buffer, random: Random, ...parts: readonly (string | number)[]): Buffer {
  const harm = present(harms[random.below(harms.length, ...parts, 'harm')], 'a kind of harm')
  return harm(frame, 1 + random.below(frame.length - 1, ...parts, 'at'), random.below(256, ...parts, 'dice'))
}
