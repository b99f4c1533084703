import { child, childOr, type Cursor, isAbsent } from '../cursor.js'
import { add, compare, divide, integer, maximum, minimum, multiply, subtract, zero } from '../rational.js'
import { type Charge, priced } from './charge.js'
import { evaluate } from './evaluate.js'
import { onTrust } from './on-trust.js'
import type { Situation } from './situation.js'
import { perOf, timesOf } from './time-counts.js'

/** A standing charge, kVA or kW by time: the quantity of its line holds the time. */
export function fixedCharges(component: Cursor, at: Situation): readonly Charge[] {
  const quantity = evaluate(childOr(component, 'quantity', '1'), at)
  const times = timesOf(component, perOf(component, 'month'), at.part, at)
  return [priced({ quantity: multiply(quantity, times), unitPrice: evaluate(child(component, 'price'), at) })]
}

/** So many percent of what other components charged; or the part of it that it contains. */
export function percentageCharges(component: Cursor, at: Situation): readonly Charge[] {
  const takes = childOr(component, 'takes', 'rounded').value === 'exact' ? 'exact' : 'rounded'
  const rate = evaluate(child(component, 'percent'), at)
  const hundred = integer(100n)
  const divisor = child(component, 'included').value === true ? add(hundred, rate) : hundred
  if (divisor.numerator <= 0n) return onTrust('unknown_operation')
  return [priced({ quantity: at.amountOf(child(component, 'of'), takes, 'segment'), unitPrice: divide(rate, divisor) })]
}

/** What is missing to a least amount of the whole period, or a credit for what exceeds a highest one. */
export function boundCharges(component: Cursor, isMinimum: boolean, at: Situation): readonly Charge[] {
  // What earlier bills of a quarter or a year came to is not stated.
  if (!isAbsent(child(component, 'scope'))) return onTrust('unknown_scope')
  const charged = at.amountOf(child(component, 'of'), 'rounded', 'period')
  const times = timesOf(component, perOf(component, 'period'), at.whole, at)
  const difference = subtract(multiply(evaluate(child(component, 'amount'), at), times), charged)
  const unitPrice = isMinimum ? maximum(zero, difference) : minimum(zero, difference)
  return [priced({ quantity: integer(1n), unitPrice })]
}

/** What an expression gives; beside a quantity, at the price that follows from the two, if there is any of it. */
export function amountCharges(component: Cursor, at: Situation): readonly Charge[] {
  const exact = evaluate(child(component, 'amount'), at)
  const quantity = evaluate(childOr(component, 'quantity', '1'), at)
  if (quantity.numerator < 0n) return onTrust('unknown_component')
  if (compare(quantity, zero) === 0)
    return [{ slot: null, block: null, isFlat: false, quantity, unitPrice: null, exact }]
  return [priced({ quantity, unitPrice: divide(exact, quantity) })]
}
