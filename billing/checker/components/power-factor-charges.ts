import { child, childOr, type Cursor, decimal, fraction, isAbsent, items, text, whole } from '../cursor.js'
import {
  ceiling,
  compare,
  divide,
  integer,
  minimum,
  multiply,
  negate,
  type Rational,
  subtract,
  zero,
} from '../rational.js'
import { roundBy } from '../round-by.js'
import { type Charge, priced } from './charge.js'
import { roundedPowerFactor } from './cosine.js'
import { evaluate } from './evaluate.js'
import { onTrust } from './on-trust.js'
import type { Situation } from './situation.js'

/** So many percent of a base as the power factor says (力调). Nothing where there is no energy. */
export function powerFactorCharges(component: Cursor, at: Situation): readonly Charge[] {
  const factor = factorOf(component, at)
  if (factor === null) return []
  const takes = childOr(component, 'takes', 'rounded').value === 'exact' ? 'exact' : 'rounded'
  const quantity = at.amountOf(child(component, 'of'), takes, 'segment')
  return [priced({ quantity, unitPrice: divide(percentOf(child(component, 'table'), factor), integer(100n)) })]
}

function factorOf(component: Cursor, at: Situation): Rational | null {
  const decimals = whole(childOr(component, 'decimals', 2))
  const given = child(component, 'given')
  if (!isAbsent(given)) return roundBy(evaluate(given, at), { value: { mode: 'half_up', decimals }, path: given.path })
  const [active, reactive] = [childOr(component, 'active', 'energy'), childOr(component, 'reactive', 'reactive')]
  return roundedPowerFactor(evaluate(active, at), evaluate(reactive, at), decimals)
}

/** Percent that is added; negative for a reward. */
function percentOf(table: Cursor, factor: Rational): Rational {
  const [standard, rows] = [child(table, 'standard'), child(table, 'rows')]
  if (!isAbsent(standard)) return percentOfStandard(text(standard), factor)
  if (!isAbsent(rows)) {
    const row = items(rows).findLast((one) => compare(factor, decimal(child(one, 'from'))) >= 0)
    return row === undefined ? onTrust('unknown_operation') : fraction(child(row, 'percent'))
  }
  const distance = divide(subtract(fraction(child(table, 'target')), factor), fraction(child(table, 'step')))
  if (compare(distance, zero) > 0) return multiply(ceiling(distance), fraction(child(table, 'below')))
  const full = negate(integer(distance.numerator / distance.denominator))
  const reward = multiply(full, fraction(child(table, 'above')))
  const most = child(table, 'most')
  return negate(isAbsent(most) ? reward : minimum(reward, fraction(most)))
}

/** Hundredths of the power factor from which on nothing more is taken off. */
const bestOf: Readonly<Record<string, number>> = { '0.90': 95, '0.85': 94, '0.80': 92 }

/**
 * The tables of the rule of 1983, hundredth by hundredth. Below the standard each of the first twenty costs 0.5 %, each of the next five 1 %, and
 * every further one 2 %; above it each earns 0.1 % up to 0.90 and 0.15 % beyond.
 */
function percentOfStandard(standard: string, factor: Rational): Rational {
  const best = bestOf[standard] ?? onTrust('unknown_operation')
  const target = Math.round(100 * Number(standard))
  const reached = Number((factor.numerator * 100n) / factor.denominator)
  let hundredths = 0
  for (let step = 1; step <= target - reached; step += 1) hundredths += step <= 20 ? 50 : step <= 25 ? 100 : 200
  for (let at = target + 1; at <= Math.min(reached, best); at += 1) hundredths -= at <= 90 ? 10 : 15
  return { numerator: BigInt(hundredths), denominator: 100n }
}
