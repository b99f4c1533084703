import fc from 'fast-check'
import { type Framing, needsMore } from '../../../protocols/framing.js'
import { framesInPieces } from './cut-stream.js'
import { mutationsOf } from './seeded-mutations.js'

interface FramingExamples {
  readonly framing: Framing
  readonly frames: readonly Buffer[]
  readonly seed: number
}

/** @throws an Error where an answer about a prefix is taken back when more bytes arrive. */
export function assertAnswersStand(
  { framing, frames, seed }: FramingExamples,
  likely: fc.Arbitrary<Buffer>,
  numRuns: number,
): void {
  fc.assert(
    fc.property(fc.oneof(likely, mutationsOf(frames)), (bytes) => {
      const final = framing.measure(bytes, 0, bytes.length)
      return Array.from({ length: bytes.length }, (_, end) => framing.measure(bytes, 0, end)).every(
        (answer) => answer === needsMore || answer === final,
      )
    }),
    { seed, numRuns },
  )
}

/** @throws an Error where a stream gives other frames when it comes in other pieces. */
export function assertCutsDoNotMatter({ framing, frames, seed }: FramingExamples, numRuns: number): void {
  const pieces = fc.array(fc.oneof(fc.constantFrom(...frames), fc.uint8Array({ maxLength: 20 }), mutationsOf(frames)))
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(pieces, sizes, (parts, cuts) => {
      const stream = Buffer.concat(parts)
      const whole = framesInPieces(framing, stream, [stream.length + 1])
      return framesInPieces(framing, stream, cuts).join() === whole.join()
    }),
    { seed, numRuns },
  )
}
