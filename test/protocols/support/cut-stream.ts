import { type Framing, needsMore } from '../../../protocols/framing.js'

/** The frames that a master would find in a stream which arrives in pieces of the given sizes, over and over. */
export function framesInPieces(framing: Framing, stream: Buffer, sizes: readonly number[]): readonly string[] {
  const frames: string[] = []
  let start = 0
  let arrived = 0
  for (let turn = 0; arrived < stream.length; turn += 1) {
    arrived = Math.min(stream.length, arrived + (sizes[turn % sizes.length] ?? 1))
    start = takeFrames(framing, stream, start, arrived, frames)
  }
  return frames
}

function takeFrames(framing: Framing, stream: Buffer, from: number, end: number, frames: string[]): number {
  let start = from
  for (;;) {
    while (start < end && stream[start] !== 0x68) start += 1
    if (start === end) return start
    const length = framing.measure(stream, start, end)
    if (length === needsMore) return start
    if (length > 0) frames.push(stream.subarray(start, start + length).toString('hex'))
    start += Math.max(1, length)
  }
}
