import { largest, type Rational, smallest, subtract, zero } from '../../../domain/rational.js'

/**
 * How a cumulative quantity lies in blocks. A block holds what lies above its lower bound up to and including its upper one; what lies beyond
 * a last bound is the last element, one more than there are blocks. A negative quantity lies in the first.
 */
export function blockContents(bounds: readonly (Rational | null)[], used: Rational): readonly Rational[] {
  let lower: Rational | null = null
  const contents: Rational[] = []
  for (const bound of bounds) {
    const upper: Rational = bound === null ? largest(used, lower ?? used) : smallest(used, bound)
    contents.push(lower === null ? upper : largest(zero, subtract(upper, lower)))
    lower = bound ?? used
  }
  const last = bounds.at(-1) ?? null
  return [...contents, last === null ? zero : largest(zero, subtract(used, last))]
}
