import type { Random } from '../domain/runtime.js'

const kinds = ['flipped_bit', 'lost_byte', 'extra_byte', 'truncated'] as const

/**
 * A frame as a noisy line would deliver it. `parts` name the frame for the random source. The harm is always inside the frame,
 * since noise before or after a frame does it no harm.
 */
export function damage(frame: Buffer, random: Random, ...parts: readonly (string | number)[]): Buffer {
  const kind = kinds[random.below(kinds.length, ...parts, 'kind')]
  const at = 1 + random.below(frame.length - 1, ...parts, 'at')
  const [before, after] = [frame.subarray(0, at), frame.subarray(at)]
  switch (kind) {
    case 'lost_byte':
      return Buffer.concat([before, after.subarray(1)])
    case 'extra_byte':
      return Buffer.concat([before, Buffer.from([random.below(256, ...parts, 'byte')]), after])
    case 'truncated':
      return Buffer.from(before)
    default: {
      const flipped = Buffer.from(frame)
      flipped.writeUInt8(frame.readUInt8(at) ^ (1 << random.below(8, ...parts, 'bit')), at)
      return flipped
    }
  }
}
