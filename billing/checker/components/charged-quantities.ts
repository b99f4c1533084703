import { child, childOr, type Cursor, fraction, isAbsent, items, text } from '../cursor.js'
import {
  add,
  compare,
  divide,
  integer,
  maximum,
  minimum,
  multiply,
  type Rational,
  subtract,
  sum,
  zero,
} from '../rational.js'
import { roundBy } from '../round-by.js'
import { roomIn, scopeDays, scopeOf } from './blocks.js'
import { daysIn } from './days.js'
import { evaluate } from './evaluate.js'
import { onTrust } from './on-trust.js'
import { isWhole, type Situation } from './situation.js'

export interface SlotQuantity {
  readonly slot: string | null
  readonly quantity: Rational
}

/** What a component charges in each slot: converted, shared, less what is free, at least so much, rounded, in this order. */
export function chargedQuantities(component: Cursor, at: Situation): readonly SlotQuantity[] {
  const [free, least] = [child(component, 'free'), child(component, 'atLeast')]
  if (!isWhole(at) && !(isAbsent(free) && isAbsent(least))) return onTrust('quantity_rule')
  const rounding = childOr(childOr(component, 'rounding', {}), 'quantity', roundingOf(at.version, 'quantity').value)
  const slots = child(component, 'slots')
  const calendar = isAbsent(slots) ? null : text(child(slots, 'calendar'))
  const asked = slotsOf(component, at).map((slot) => {
    const quantity = sharedByDays(childOr(component, 'quantity', 'energy'), { ...at, slot, calendar })
    return { slot, quantity: shared(component, converted(component, quantity, at), at) }
  })
  const paid = isAbsent(free) ? asked : lessFree(free, text(child(component, 'code')), asked, at)
  const topped = isAbsent(least) ? paid : toppedUp(evaluate(least, { ...at, slot: null }), paid)
  return topped.map(({ slot, quantity }) => ({ slot, quantity: roundBy(quantity, rounding) }))
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
  return own.every(
    (entry) => isAbsent(child(entry, 'from')) && isAbsent(child(entry, 'to')) && isAbsent(child(entry, 'intervals')),
  )
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

/** A free quantity of a scope, as far as the scope has left of it, taken off all slots in proportion, or off some in their order. */
function lessFree(given: Cursor, code: string, asked: readonly SlotQuantity[], at: Situation): readonly SlotQuantity[] {
  const isScoped = typeof given.value === 'object' && isAbsent(child(given, 'op'))
  const quantity = isScoped ? child(given, 'quantity') : given
  const scope = isScoped ? scopeOf(given) : { value: { of: 'period' }, path: given.path }
  const days = scopeDays(scope, at)
  const before = freeBefore(at, code, days.from)
  const isCarried = isScoped && child(given, 'carried').value === true
  const room = isCarried
    ? add(before.granted, evaluate(quantity, { ...at, slot: null }))
    : roomIn(quantity, scope, days, at)
  const left = maximum(zero, subtract(room, before.used))
  const from = isScoped ? childOr(given, 'from', 'proportional') : { value: 'proportional', path: given.path }
  return from.value === 'proportional'
    ? inProportion(asked, left)
    : inOrder(asked, items(child(from, 'slots')).map(text), left)
}

function freeBefore(
  { usage }: Situation,
  code: string,
  scope: string,
): { readonly granted: Rational; readonly used: Rational } {
  const own = items(childOr(childOr(usage, 'opening', {}), 'free', [])).find(
    (one) => child(one, 'component').value === code && child(one, 'scope').value === scope,
  )
  if (own === undefined) return { granted: zero, used: zero }
  return { granted: fraction(child(own, 'granted')), used: fraction(child(own, 'used')) }
}

function inProportion(asked: readonly SlotQuantity[], left: Rational): readonly SlotQuantity[] {
  const whole = maximum(zero, sum(asked.map(({ quantity }) => quantity)))
  if (whole.numerator === 0n) return asked
  const kept = subtract(integer(1n), minimum(integer(1n), divide(left, whole)))
  return asked.map(({ slot, quantity }) => ({ slot, quantity: multiply(quantity, kept) }))
}

function inOrder(asked: readonly SlotQuantity[], slots: readonly string[], room: Rational): readonly SlotQuantity[] {
  let left = room
  const taken = new Map<string | null, Rational>()
  for (const slot of slots) {
    const quantity = asked.find((one) => one.slot === slot)?.quantity
    if (quantity === undefined || compare(quantity, zero) <= 0) continue
    const take = minimum(left, quantity)
    taken.set(slot, take)
    left = subtract(left, take)
  }
  return asked.map(({ slot, quantity }) => ({ slot, quantity: subtract(quantity, taken.get(slot) ?? zero) }))
}

/** What is missing to a least quantity lies as the slots do, or in the first of them where there is none. */
function toppedUp(least: Rational, asked: readonly SlotQuantity[]): readonly SlotQuantity[] {
  const whole = sum(asked.map(({ quantity }) => quantity))
  const missing = maximum(zero, subtract(least, whole))
  if (whole.numerator < 0n) return onTrust('quantity_rule')
  return asked.map(({ slot, quantity }, index) => {
    const share = whole.numerator === 0n ? integer(index === 0 ? 1n : 0n) : divide(quantity, whole)
    return { slot, quantity: add(quantity, multiply(missing, share)) }
  })
}
