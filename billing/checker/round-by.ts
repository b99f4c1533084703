import { child, type Cursor, isAbsent, text } from './cursor.js'
import { Fault } from './fault.js'
import type { Rational } from './rational.js'

/** A number rounded as a rule `{mode, decimals}` of a version says; as it is where there is none. */
export function roundBy(value: Rational, rule: Cursor): Rational {
  if (isAbsent(rule)) return value
  const decimals = child(rule, 'decimals').value
  if (typeof decimals !== 'number' || !Number.isInteger(decimals) || Math.abs(decimals) > 20)
    throw new Fault(child(rule, 'decimals').path, 'a number of decimals', String(decimals))
  const [up, down] = decimals >= 0 ? [10n ** BigInt(decimals), 1n] : [1n, 10n ** BigInt(-decimals)]
  const [above, below] = [value.numerator * up, value.denominator * down]
  const magnitude = above < 0n ? -above : above
  const rounded = magnitude / below + (goesUp(text(child(rule, 'mode')), magnitude, below, rule) ? 1n : 0n)
  return { numerator: (above < 0n ? -rounded : rounded) * down, denominator: up }
}

function goesUp(mode: string, magnitude: bigint, below: bigint, rule: Cursor): boolean {
  const rest = magnitude % below
  switch (mode) {
    case 'down':
      return false
    case 'up':
      return rest > 0n
    case 'half_up':
      return 2n * rest >= below
    case 'half_even':
      return 2n * rest > below || (2n * rest === below && (magnitude / below) % 2n === 1n)
    default:
      throw new Fault(child(rule, 'mode').path, 'a rounding that the checker knows', mode)
  }
}
