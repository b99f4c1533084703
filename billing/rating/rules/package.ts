import { ceiling, compare, divide, rational, zero } from '../../../domain/rational.js'
import type { Model } from '../../tariffs/components/component-schema.js'
import type { Charge } from '../charged-line.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import { refuse } from '../refusal.js'
import { allowed } from './price-of.js'
import type { PricedUsage } from './slot-quantities.js'

/** Each started package at the price of a whole one. */
export function packages(
  model: Model & { kind: 'package' },
  { quantities }: PricedUsage,
  frame: Frame,
): readonly Charge[] {
  const path = `${frame.path}.model`
  const inPeriod: Frame = { ...frame, over: 'period', slot: null }
  const size = evaluate(model.size, inPeriod)
  if (compare(size, zero) <= 0) return refuse('size_not_positive', `${path}.size`, 'a package holds more than nothing')
  return quantities.map(({ slot, quantity }) => ({
    slot,
    quantity: rational(ceiling(divide(quantity, size))),
    unit: 'package',
    unitPrice: allowed(evaluate(model.price, inPeriod), frame, `${path}.price`),
  }))
}
