import { child, childOr, type Cursor, isAbsent, items, members, text } from '../cursor.js'
import { add, ceiling, compare, divide, multiply, type Rational, subtract, sum, zero } from '../rational.js'
import { boundsOf, chosenBlock, contentsOf, type Counter, counterOf, gainsOf, scopeDays, scopeOf } from './blocks.js'
import { type Charge, flatAmount, priced } from './charge.js'
import { chargedQuantities, type SlotQuantity } from './charged-quantities.js'
import type { Days } from './days.js'
import { daysIn } from './days.js'
import { evaluate } from './evaluate.js'
import { intervalPriceCharges } from './interval-prices.js'
import { isLevel } from './level.js'
import { onTrust } from './on-trust.js'
import { isWhole, type Situation } from './situation.js'

/**
 * What a component charges for use, by its model. Of a quantity that stands for the whole period, such as a demand, a part has its share by
 * days.
 */
export function usageCharges(component: Cursor, at: Situation): readonly Charge[] {
  if (!isLevel(childOr(component, 'quantity', 'energy'), at)) return byModel(component, at)
  // What was counted of it before does not matter: it does not add up as time goes by.
  const opening = { ...members(childOr(at.usage, 'opening', {})), blocks: [], free: [] }
  const usage = { value: { ...members(at.usage), opening }, path: at.usage.path }
  const share = { numerator: daysIn(at.part), denominator: daysIn(at.whole) }
  return byModel(component, { ...at, usage, part: at.whole }).map((charge) => ({
    ...charge,
    quantity: multiply(charge.quantity, share),
    exact: multiply(charge.exact, share),
  }))
}

function byModel(component: Cursor, at: Situation): readonly Charge[] {
  const quantities = chargedQuantities(component, at)
  const model = child(component, 'model')
  switch (text(child(model, 'kind'))) {
    case 'per_unit':
      return quantities
        .filter(({ quantity }) => compare(quantity, zero) !== 0)
        .map(({ slot, quantity }) => priced({ slot, quantity, unitPrice: priceIn(model, slot, at) }))
    case 'graduated':
      return graduated(component, model, quantities, uncut(at))
    case 'volume':
      return volume(component, model, quantities, uncut(at))
    case 'package':
      return packages(component, model, quantities, uncut(at))
    case 'interval_prices':
      return intervalPriceCharges(component, model, quantities, uncut(at))
    default:
      return onTrust('unknown_model')
  }
}

/** Blocks are worked out over a period that nothing cuts. */
function uncut(at: Situation): Situation {
  return isWhole(at) ? at : onTrust('cut_period')
}

interface Ladder {
  readonly model: Cursor
  readonly code: string
  readonly days: Days
  readonly bounds: readonly (Rational | null)[]
  readonly at: Situation
}

function ladderOf(component: Cursor, model: Cursor, at: Situation): Ladder {
  const days = scopeDays(scopeOf(model), at)
  return { model, code: text(child(component, 'code')), days, bounds: boundsOf(model, days, at), at }
}

/** Each unit at the price of the block that it falls into. */
function graduated(
  component: Cursor,
  model: Cursor,
  quantities: readonly SlotQuantity[],
  at: Situation,
): readonly Charge[] {
  const ladder = ladderOf(component, model, at)
  const sharing = childOr(model, 'sharing', 'per_slot').value
  if (sharing === 'per_slot')
    return quantities.flatMap(({ slot, quantity }) => {
      const counter = counterOf(at, ladder.code, ladder.days, slot)
      const gains = gainsOf(scopeOf(model), ladder.bounds, counter, quantity, at.kind)
      return [...flats(ladder, slot, counter, quantity), ...pricedBlocks(ladder, slot, gains, { counter, quantity })]
    })
  if (sharing !== 'proportional') return onTrust('unknown_model')
  const whole = sum(quantities.map(({ quantity }) => quantity))
  if (whole.numerator < 0n) return onTrust('unknown_model')
  const counter = counterOf(at, ladder.code, ladder.days, null)
  const gains = gainsOf(scopeOf(model), ladder.bounds, counter, whole, at.kind)
  const units = quantities.flatMap(({ slot, quantity }) => {
    const share = whole.numerator === 0n ? zero : divide(quantity, whole)
    const own = gains.map((gain) => multiply(gain, share))
    return pricedBlocks(ladder, slot, own, null)
  })
  return [...flats(ladder, null, counter, whole), ...units]
}

/** How a counter moves, where packages that were begun are counted. */
interface Move {
  readonly counter: Counter
  readonly quantity: Rational
}

/** The lines of what each block gained; of a block sold in packages, those that were begun. A block without a price adds nothing. */
function pricedBlocks(
  { model, bounds, at }: Ladder,
  slot: string | null,
  gains: readonly Rational[],
  move: Move | null,
): readonly Charge[] {
  return items(child(model, 'blocks')).flatMap((block, index) => {
    const gain = gains[index] ?? zero
    if (isFree(block) || compare(gain, zero) === 0) return []
    const size = child(block, 'size')
    const quantity = isAbsent(size) ? gain : begun(positive(size, at), bounds, index, move ?? onTrust('unknown_model'))
    return [priced({ slot, block: index + 1, quantity, unitPrice: priceIn(block, slot, at) })]
  })
}

function isFree(block: Cursor): boolean {
  return isAbsent(child(block, 'price')) && isAbsent(child(block, 'prices'))
}

function positive(size: Cursor, at: Situation): Rational {
  const found = evaluate(size, { ...at, slot: null })
  return found.numerator > 0n ? found : onTrust('unknown_model')
}

function begun(
  size: Rational,
  bounds: readonly (Rational | null)[],
  block: number,
  { counter, quantity }: Move,
): Rational {
  const started = (used: Rational) => ceiling(divide(contentsOf(bounds, used)[block] ?? zero, size))
  return subtract(started(add(counter.used, quantity)), started(counter.used))
}

/** Flat amounts of the blocks that are entered for the first time in a scope. */
function flats(
  { model, bounds, at }: Ladder,
  slot: string | null,
  { used, isNew }: Counter,
  quantity: Rational,
): readonly Charge[] {
  const after = add(used, quantity)
  const isExcluded = child(model, 'upperBound').value === 'excluded'
  return items(child(model, 'blocks')).flatMap((block, index) => {
    const flat = child(block, 'flat')
    if (isAbsent(flat)) return []
    const lower = index === 0 ? zero : (bounds[index - 1] ?? zero)
    const isEntered = (reached: Rational) => {
      const order = compare(reached, lower)
      return index > 0 && isExcluded ? order >= 0 : order > 0
    }
    const isDueAtZero = index === 0 && child(model, 'flatAtZero').value === true
    const isDue = isDueAtZero ? isNew : isEntered(after) && !isEntered(used)
    return isDue ? [flatAmount(evaluate(flat, { ...at, slot: null }), index + 1, slot)] : []
  })
}

/** All units at the price of the block that the whole quantity, or another number, chooses. */
function volume(
  component: Cursor,
  model: Cursor,
  quantities: readonly SlotQuantity[],
  at: Situation,
): readonly Charge[] {
  const { code, days, bounds } = ladderOf(component, model, at)
  const whole = sum(quantities.map(({ quantity }) => quantity))
  const chosenBy = child(model, 'chosenBy')
  const counter = counterOf(at, code, days, null)
  const block = chosenBlock(
    model,
    bounds,
    isAbsent(chosenBy) ? add(counter.used, whole) : evaluate(chosenBy, { ...at, slot: null }),
  )
  const chosen = items(child(model, 'blocks'))[block]
  if (chosen === undefined) return onTrust('unknown_model')
  const flat = child(chosen, 'flat')
  const flatLines =
    !isAbsent(flat) && isFlatDue(model, block, counter, whole)
      ? [flatAmount(evaluate(flat, { ...at, slot: null }), block + 1, null)]
      : []
  if (isFree(chosen)) return flatLines
  const size = child(chosen, 'size')
  const units = quantities.map(({ slot, quantity }) => {
    const charged = isAbsent(size) ? quantity : ceiling(divide(quantity, positive(size, at)))
    return priced({ slot, block: block + 1, quantity: charged, unitPrice: priceIn(chosen, slot, at) })
  })
  return [...flatLines, ...units]
}

/** Once a scope for each block; the first block's may be due without any use, and then was at the beginning. */
function isFlatDue(model: Cursor, block: number, { isNew, byBlock }: Counter, whole: Rational): boolean {
  const isDueAtZero = child(model, 'flatAtZero').value === true
  const isUsed = compare(whole, zero) !== 0
  if (isNew) return isUsed || isDueAtZero
  return isUsed && !(isDueAtZero && block === 0) && compare(byBlock[block] ?? zero, zero) === 0
}

/** Each package that was begun, counted over the scope. */
function packages(
  component: Cursor,
  model: Cursor,
  quantities: readonly SlotQuantity[],
  at: Situation,
): readonly Charge[] {
  const days = scopeDays(scopeOf(model), at)
  const size = positive(child(model, 'size'), at)
  return quantities.flatMap(({ slot, quantity }) => {
    if (compare(quantity, zero) === 0) return []
    const counter = counterOf(at, text(child(component, 'code')), days, slot)
    const sold = begun(size, [null], 0, { counter, quantity })
    return [priced({ slot, quantity: sold, unitPrice: priceIn(model, slot, at) })]
  })
}

export function priceIn(model: Cursor, slot: string | null, at: Situation): Rational {
  const prices = child(model, 'prices')
  const ofSlot = slot === null || isAbsent(prices) ? undefined : child(prices, slot)
  const price = ofSlot === undefined || isAbsent(ofSlot) ? child(model, 'price') : ofSlot
  return isAbsent(price) ? onTrust('unknown_operation') : evaluate(price, { ...at, slot: null })
}
