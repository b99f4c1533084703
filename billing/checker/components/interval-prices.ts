import { child, childOr, type Cursor, fraction, isAbsent, items, text, whole } from '../cursor.js'
import { Fault } from '../fault.js'
import { add, compare, multiply, type Rational, sum, zero } from '../rational.js'
import type { Charge } from './charge.js'
import type { SlotQuantity } from './charged-quantities.js'
import { evaluate } from './evaluate.js'
import { type Interval, intervalsOf, minuteMs, momentOf } from './intervals.js'
import { onTrust } from './on-trust.js'
import type { Situation } from './situation.js'

/** Each interval at the price that a series gives for its time, plus a constant. Intervals by slot, or of a quantity that is changed before, are not followed. */
export function intervalPriceCharges(
  component: Cursor,
  model: Cursor,
  [only, ...others]: readonly SlotQuantity[],
  at: Situation,
): readonly Charge[] {
  const name = childOr(component, 'quantity', 'energy').value
  if (only === undefined || others.length > 0 || only.slot !== null || typeof name !== 'string')
    return onTrust('unknown_model')
  const intervals = intervalsOf(at, name)
  if (compare(sum(intervals.map(({ value }) => value)), only.quantity) !== 0) return onTrust('unknown_model')
  const constant = child(model, 'add')
  const plus = isAbsent(constant) ? zero : evaluate(constant, { ...at, slot: null })
  const priceAt = pricesOf(text(child(model, 'series')), at)
  const exact = sum(intervals.map((one) => multiply(one.value, add(priceAt(one), plus))))
  return [{ slot: null, block: null, isFlat: false, quantity: only.quantity, unitPrice: null, exact }]
}

function pricesOf(name: string, { version, usage }: Situation): (interval: Interval) => Rational {
  const series = [...items(childOr(version, 'series', [])), ...items(childOr(usage, 'series', []))]
    .filter((one) => child(one, 'name').value === name)
    .map((one) => ({
      from: momentOf(child(one, 'start')),
      step: whole(child(one, 'minutes')) * minuteMs,
      values: items(child(one, 'values')),
    }))
  return ({ from, to }) => {
    for (const { from: first, step, values } of series) {
      const index = Math.floor((from - first) / step)
      const value = values[index]
      if (value !== undefined && to <= first + (index + 1) * step) return fraction(value)
    }
    throw new Fault('usage', `a price of series ${name} at ${new Date(from).toISOString()}`, 'none')
  }
}
