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
import type { Charge, Step } from '../charged-line.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import { refuse } from '../refusal.js'
import type { Counter } from '../counters.js'
import { boundsOf, instancesOf, type ScopeInstance } from '../scope.js'
import { mergeCharges } from './merge-charges.js'
import { partOfScope } from './part-of-scope.js'
import { allowed, priceOf } from './price-of.js'
import type { PricedUsage } from './slot-quantities.js'

type Volume = Model & { kind: 'volume' }

/** All units at the price of one block: that of the whole quantity in the scope, or of another number that chooses. */
export function volume(model: Volume, usage: PricedUsage, frame: Frame, component: string): readonly Charge[] {
  const charges = instancesOf(model.scope, frame).flatMap((instance) =>
    ofInstance(model, partOfScope(usage, instance, frame), instance, frame, component),
  )
  return mergeCharges(charges)
}

function ofInstance(
  model: Volume,
  { quantities, unit, during }: PricedUsage,
  instance: ScopeInstance,
  frame: Frame,
  component: string,
): readonly Charge[] {
  const bounds = boundsOf(model.blocks, model.scope, instance, frame)
  const whole = sum(quantities.map(({ quantity }) => quantity))
  const key = { component, scope: instance.from, slot: null }
  const counter = frame.context.counters.get(key)
  const before = counter?.used ?? zero
  // What later parts of the period use chooses along: all units of a period are in one block.
  const later = instance.until > instance.span.to ? during({ from: instance.span.to, to: instance.until }) : zero
  const chooser =
    model.chosenBy === undefined
      ? add(before, add(whole, later))
      : evaluate(model.chosenBy, { ...frame, over: 'period', slot: null })
  const block = chosenBlock(model, bounds, chooser, frame)
  const byBlock = bounds.map((_, index) => add(counter?.byBlock[index] ?? zero, index === block ? whole : zero))
  frame.context.counters.set(key, { used: add(before, whole), byBlock }, instance.to)
  const isFlatDue = counter === null ? !isZero(whole) || model.flatAtZero : isFirstUse(model, counter, block, whole)
  return [...(isFlatDue ? flat(model, block, frame) : []), ...units(model, block, quantities, unit, frame)].map(
    (charge) => ({
      ...charge,
      block: block + 1,
      steps: frame.context.explained ? [explain(chooser, block)] : [],
    }),
  )
}

function explain(chooser: Rational, block: number): Step {
  return { rule: 'block_chosen', inputs: { by: formatRational(chooser) }, result: String(block + 1) }
}

/** A block's flat amount is due once a scope; the first block's was at the beginning, where it is due without any use. */
function isFirstUse({ flatAtZero }: Volume, { byBlock }: Counter, block: number, whole: Rational): boolean {
  const wasDueAtZero = flatAtZero && block === 0
  return !isZero(whole) && !wasDueAtZero && isZero(byBlock[block] ?? zero)
}

function chosenBlock(
  { upperBound }: Volume,
  bounds: readonly (Rational | null)[],
  chooser: Rational,
  frame: Frame,
): number {
  const reach = upperBound === 'included' ? 0 : -1
  const block = bounds.findIndex((bound) => bound === null || compare(chooser, bound) <= reach)
  return block >= 0
    ? block
    : refuse('price_missing', `${frame.path}.model.blocks`, `${formatRational(chooser)} lies beyond the last block`)
}

function flat(model: Volume, block: number, frame: Frame): readonly Charge[] {
  const amount = model.blocks[block]?.flat
  if (amount === undefined) return []
  const path = `${frame.path}.model.blocks.${block}.flat`
  const unitPrice = allowed(evaluate(amount, { ...frame, over: 'period', slot: null }), frame, path)
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
