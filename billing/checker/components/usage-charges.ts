import { child, childOr, type Cursor, isAbsent, items, text } from '../cursor.js'
import { add, compare, divide, multiply, type Rational, sum, zero } from '../rational.js'
import { roundBy } from '../round-by.js'
import { boundsOf, chosenBlock, counterOf, gainsOf, scopeDays, scopeOf } from './blocks.js'
import { daysIn } from './days.js'
import { evaluate } from './evaluate.js'
import { onTrust } from './on-trust.js'
import type { Situation } from './situation.js'

/** What a component should charge in a slot and a block: its line has this quantity at this price. */
export interface Charge {
  readonly slot: string | null
  readonly block: number | null
  readonly quantity: Rational
  readonly unitPrice: Rational
}

interface SlotQuantity {
  readonly slot: string | null
  readonly quantity: Rational
}

/** What a component charges for use: per unit, by a ladder, or all of it at the price of one block. */
export function usageCharges(component: Cursor, at: Situation): readonly Charge[] {
  const quantities = chargedQuantities(component, at)
  const model = child(component, 'model')
  switch (text(child(model, 'kind'))) {
    case 'per_unit':
      return quantities
        .filter(({ quantity }) => compare(quantity, zero) !== 0)
        .map(({ slot, quantity }) => ({ slot, block: null, quantity, unitPrice: priceIn(model, slot, at) }))
    case 'graduated':
      return graduated(component, model, quantities, uncut(at))
    case 'volume':
      return volume(component, model, quantities, uncut(at))
    default:
      return onTrust('unknown_model')
  }
}

/** Blocks are worked out over a period that nothing cuts. */
function uncut(at: Situation): Situation {
  return isWhole(at) ? at : onTrust('cut_period')
}

export function isWhole({ part, whole }: Situation): boolean {
  return part.from === whole.from && part.to === whole.to
}

/** Converted, shared and rounded, in this order. */
function chargedQuantities(component: Cursor, at: Situation): readonly SlotQuantity[] {
  if (!isAbsent(child(component, 'free')) || !isAbsent(child(component, 'atLeast'))) return onTrust('quantity_rule')
  const rounding = childOr(childOr(component, 'rounding', {}), 'quantity', roundingOf(at.version, 'quantity').value)
  return slotsOf(component, at).map((slot) => {
    const asked = sharedByDays(childOr(component, 'quantity', 'energy'), { ...at, slot })
    return { slot, quantity: roundBy(shared(component, converted(component, asked, at), at), rounding) }
  })
}

function roundingOf(version: Cursor, at: string): Cursor {
  return child(childOr(version, 'rounding', {}), at)
}

/** A part of the period takes its days' share of a quantity that nobody read at the change. */
function sharedByDays(expression: Cursor, at: Situation): Rational {
  const whole = evaluate(expression, at)
  if (isWhole(at)) return whole
  if (typeof expression.value !== 'string' || !isReadAtEndsOnly(expression.value, at)) return onTrust('cut_period')
  if (childOr(at.version, 'unread', 'refuse').value !== 'by_days') return onTrust('cut_period')
  return multiply(whole, { numerator: daysIn(at.part), denominator: daysIn(at.whole) })
}

function isReadAtEndsOnly(name: string, { period }: Situation): boolean {
  const own = items(child(period, 'quantities')).filter((entry) => child(entry, 'name').value === name)
  return own.every((entry) => isAbsent(child(entry, 'from')) && isAbsent(child(entry, 'to')))
}

function converted(component: Cursor, quantity: Rational, at: Situation): Rational {
  const convert = child(component, 'convert')
  if (isAbsent(convert)) return quantity
  return roundBy(multiply(quantity, evaluate(child(convert, 'multiply'), at)), child(convert, 'rounding'))
}

function shared(component: Cursor, quantity: Rational, at: Situation): Rational {
  const share = child(component, 'share')
  return isAbsent(share) ? quantity : multiply(quantity, evaluate(share, at))
}

/** The slots that a component names, or all of its calendar; one without a name where it asks for none. */
function slotsOf(component: Cursor, { version }: Situation): readonly (string | null)[] {
  const slots = child(component, 'slots')
  if (isAbsent(slots)) return [null]
  const names = child(slots, 'names')
  if (!isAbsent(names)) return items(names).map(text)
  const calendar = items(childOr(version, 'calendars', [])).find(
    (one) => child(one, 'name').value === child(slots, 'calendar').value,
  )
  return calendar === undefined
    ? onTrust('quantity_not_stated')
    : items(child(calendar, 'slots')).map((slot) => text(child(slot, 'name')))
}

/** Each unit at the price of the block that it falls into. */
function graduated(
  component: Cursor,
  model: Cursor,
  quantities: readonly SlotQuantity[],
  at: Situation,
): readonly Charge[] {
  const scope = scopeOf(model)
  const days = scopeDays(scope, at)
  const bounds = boundsOf(model, days, at)
  const code = text(child(component, 'code'))
  const gains = (slot: string | null, quantity: Rational) =>
    gainsOf(scope, bounds, counterOf(at, code, days, slot), quantity, at.kind)
  switch (childOr(model, 'sharing', 'per_slot').value) {
    case 'per_slot':
      return quantities.flatMap(({ slot, quantity }) => pricedBlocks(model, slot, gains(slot, quantity), at))
    case 'proportional': {
      const whole = sum(quantities.map(({ quantity }) => quantity))
      if (whole.numerator < 0n) return onTrust('unknown_model')
      if (whole.numerator === 0n) return []
      const ofAll = gains(null, whole)
      return quantities.flatMap(({ slot, quantity }) =>
        pricedBlocks(
          model,
          slot,
          ofAll.map((gain) => multiply(gain, divide(quantity, whole))),
          at,
        ),
      )
    }
    default:
      return onTrust('unknown_model')
  }
}

/** The lines of what each block gained. A block without a price adds nothing. */
function pricedBlocks(
  model: Cursor,
  slot: string | null,
  gains: readonly Rational[],
  at: Situation,
): readonly Charge[] {
  return items(child(model, 'blocks')).flatMap((block, index) => {
    if (!isAbsent(child(block, 'flat')) || !isAbsent(child(block, 'size'))) return onTrust('unknown_model')
    const quantity = gains[index] ?? zero
    const isFree = isAbsent(child(block, 'price')) && isAbsent(child(block, 'prices'))
    if (isFree || compare(quantity, zero) === 0) return []
    return [{ slot, block: index + 1, quantity, unitPrice: priceIn(block, slot, at) }]
  })
}

/** All units at the price of the block that the whole quantity, or another number, chooses. */
function volume(
  component: Cursor,
  model: Cursor,
  quantities: readonly SlotQuantity[],
  at: Situation,
): readonly Charge[] {
  const days = scopeDays(scopeOf(model), at)
  const bounds = boundsOf(model, days, at)
  const whole = sum(quantities.map(({ quantity }) => quantity))
  const chosenBy = child(model, 'chosenBy')
  const { used } = counterOf(at, text(child(component, 'code')), days, null)
  const block = chosenBlock(model, bounds, isAbsent(chosenBy) ? add(used, whole) : evaluate(chosenBy, at))
  return quantities.flatMap(({ slot, quantity }) => {
    const gains = bounds.map((_, index) => (index === block ? quantity : zero))
    return pricedBlocks(model, slot, gains, at)
  })
}

function priceIn(priced: Cursor, slot: string | null, at: Situation): Rational {
  const prices = child(priced, 'prices')
  const ofSlot = slot === null || isAbsent(prices) ? undefined : child(prices, slot)
  const price = ofSlot === undefined || isAbsent(ofSlot) ? child(priced, 'price') : ofSlot
  return isAbsent(price) ? onTrust('unknown_operation') : evaluate(price, { ...at, slot: null })
}
