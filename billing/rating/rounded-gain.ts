import { add, type Rational, round, type Rounding, subtract } from '../../domain/rational.js'
import type { History } from './history.js'

/** What the rounded sum of everything under an id has gained with one more exact amount, so that errors of rounding never add up. */
export function roundedGain(
  history: Pick<History, 'roundingOf' | 'setRounding'>,
  id: string,
  amountExact: Rational,
  rounding: Rounding,
): Rational {
  const before = history.roundingOf(id)
  const exact = add(before.exact, amountExact)
  const rounded = round(exact, rounding)
  history.setRounding(id, exact, rounded)
  return subtract(rounded, before.rounded)
}
