import {
  add,
  ceiling,
  compare,
  divide,
  formatRational,
  isZero,
  rational,
  type Rational,
  sum,
  zero,
} from '../../../domain/rational.js'
import type { Model } from '../../tariffs/components/component-schema.js'
import type { Charge } from '../charged-line.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import { refuse } from '../refusal.js'
import { boundsOf, instancesOf } from '../scope.js'
import { priceOf } from './price-of.js'
import type { PricedUsage } from './slot-quantities.js'

type Volume = Model & { kind: 'volume' }

/** All units at the price of one block: that of the whole quantity in the scope, or of another number that chooses. */
export function volume(
  model: Volume,
  { quantities, unit }: PricedUsage,
  frame: Frame,
  component: string,
): readonly Charge[] {
  const [instance, ...others] = instancesOf(model.scope, frame)
  if (instance === undefined) return []
  if (others.length > 0)
    return refuse(
      'period_crosses_scope',
      frame.path,
      'a block for all units is chosen once a period: let the scope say crossing: period_end',
    )
  const bounds = boundsOf(model.blocks, model.scope, instance, frame)
  const whole = sum(quantities.map(({ quantity }) => quantity))
  const key = { component, scope: instance.from, slot: null }
  const counter = frame.context.counters.get(key)
  const used = add(counter?.used ?? zero, whole)
  const chooser =
    model.chosenBy === undefined ? used : evaluate(model.chosenBy, { ...frame, over: 'period', slot: null })
  const block = chosenBlock(bounds, chooser, frame)
  const byBlock = bounds.map((_, index) => add(counter?.byBlock[index] ?? zero, index === block ? whole : zero))
  frame.context.counters.set(key, { used, byBlock }, instance.to)
  return [...flat(model, block, whole, frame), ...units(model, block, quantities, unit, frame)].map((charge) => ({
    ...charge,
    block: block + 1,
    steps: [{ rule: 'block_chosen', inputs: { by: formatRational(chooser) }, result: String(block + 1) }],
  }))
}

function chosenBlock(bounds: readonly (Rational | null)[], chooser: Rational, frame: Frame): number {
  const block = bounds.findIndex((bound) => bound === null || compare(chooser, bound) <= 0)
  return block >= 0
    ? block
    : refuse('price_missing', `${frame.path}.model.blocks`, `${formatRational(chooser)} lies beyond the last block`)
}

function flat(model: Volume, block: number, whole: Rational, frame: Frame): readonly Charge[] {
  const amount = model.blocks[block]?.flat
  if (amount === undefined || (isZero(whole) && !model.flatAtZero)) return []
  const unitPrice = evaluate(amount, { ...frame, over: 'period', slot: null })
  return [{ slot: null, quantity: rational(1n), unit: 'flat', unitPrice }]
}

function units(
  model: Volume,
  block: number,
  quantities: PricedUsage['quantities'],
  unit: string,
  frame: Frame,
): readonly Charge[] {
  const priced = model.blocks[block]
  if (priced === undefined || (priced.price === undefined && priced.prices === undefined)) return []
  const path = `${frame.path}.model.blocks.${block}`
  return quantities.map(({ slot, quantity }): Charge => {
    const unitPrice = priceOf(priced, slot, frame, path)
    if (priced.size === undefined) return { slot, quantity, unit, unitPrice }
    const size = evaluate(priced.size, { ...frame, over: 'period', slot: null })
    if (compare(size, zero) <= 0)
      return refuse('size_not_positive', `${path}.size`, 'a package holds more than nothing')
    return { slot, quantity: rational(ceiling(divide(quantity, size))), unit: 'package', unitPrice }
  })
}
