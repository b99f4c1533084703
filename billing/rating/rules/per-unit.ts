import { isZero } from '../../../domain/rational.js'
import type { Model } from '../../tariffs/components/component-schema.js'
import type { Charge } from '../charged-line.js'
import type { Frame } from '../context.js'
import { priceOf } from './price-of.js'
import type { PricedUsage } from './slot-quantities.js'

/** Quantity × price of the slot; a slot without use needs no price. */
export function perUnit(
  model: Model & { kind: 'per_unit' },
  { quantities, unit }: PricedUsage,
  frame: Frame,
): readonly Charge[] {
  const used = quantities.filter(({ quantity }) => !isZero(quantity))
  return used.map(({ slot, quantity }) => ({
    slot,
    quantity,
    unit,
    unitPrice: priceOf(model, slot, frame, `${frame.path}.model`),
  }))
}
