import { child, childOr, type Cursor, fraction, isAbsent, text } from '../cursor.js'
import { add, divide, integer, multiply, type Rational, sum } from '../rational.js'
import { type Days, daysIn, monthsLater, monthsOf, sharedDays } from './days.js'
import { evaluate } from './evaluate.js'
import { onTrust } from './on-trust.js'
import type { Situation } from './situation.js'
import type { Charge } from './usage-charges.js'

/** A standing charge, kVA or kW by time: the quantity of its line holds the time. */
export function fixedCharges(component: Cursor, at: Situation): readonly Charge[] {
  const quantity = evaluate(childOr(component, 'quantity', '1'), at)
  const times = timesOf(component, at)
  const unitPrice = evaluate(child(component, 'price'), at)
  return [{ slot: null, block: null, quantity: multiply(quantity, times), unitPrice }]
}

function timesOf(component: Cursor, { part, whole, period }: Situation): Rational {
  const days = { numerator: daysIn(part), denominator: 1n }
  const dayCount = childOr(component, 'dayCount', 'calendar')
  switch (text(child(component, 'per'))) {
    case 'day':
      return days
    case 'period':
      return divide(days, integer(daysIn(whole)))
    case 'month':
      return monthsIn(part, whole, child(period, 'months'), dayCount)
    default:
      return onTrust('unknown_component')
  }
}

/** Stated months, of which a part has its share by days; otherwise the months of the period where they are whole, else those of the calendar. */
function monthsIn(part: Days, whole: Days, stated: Cursor, dayCount: Cursor): Rational {
  const isUndivided = part.from === whole.from && part.to === whole.to
  const given = typeof dayCount.value === 'string' ? null : fraction(child(dayCount, 'days'))
  if (dayCount.value === 'whole' && !isUndivided) return onTrust('unknown_component')
  if (isAbsent(stated)) {
    if (dayCount.value === 'whole' && !isOfWholeMonths(whole)) return onTrust('unknown_component')
    const months = isOfWholeMonths(whole)
      ? monthsOf(whole)
      : monthsOf({ from: `${part.from.slice(0, 7)}-01`, to: monthsLater(`${part.to.slice(0, 7)}-01`, 1) })
    return sum(months.map((month) => shareOfMonth(part, month, given)))
  }
  const months = fraction(stated)
  if (isUndivided) return months
  const days = integer(daysIn(part))
  return given === null ? divide(multiply(months, days), integer(daysIn(whole))) : divide(days, given)
}

/** Days ÷ those of the month, or ÷ a given number; a whole month is one. */
function shareOfMonth(part: Days, month: Days, given: Rational | null): Rational {
  const shared = sharedDays(month, part)
  if (shared === null) return integer(0n)
  if (shared.from === month.from && shared.to === month.to) return integer(1n)
  return divide(integer(daysIn(shared)), given ?? integer(daysIn(month)))
}

/** Whether a stretch is one from a day that every month has to the same day of a later month. */
function isOfWholeMonths({ from, to }: Days): boolean {
  if (from.slice(8) > '28') return onTrust('unknown_component')
  return from.slice(8) === to.slice(8)
}

/** So many percent of what other components charged; or the part of it that it contains. */
export function percentageCharges(component: Cursor, at: Situation): readonly Charge[] {
  const takes = childOr(component, 'takes', 'rounded').value === 'exact' ? 'exact' : 'rounded'
  const rate = evaluate(child(component, 'percent'), at)
  const hundred = integer(100n)
  const divisor = child(component, 'included').value === true ? add(hundred, rate) : hundred
  if (divisor.numerator <= 0n) return onTrust('unknown_operation')
  const quantity = at.amountOf(child(component, 'of'), takes, 'segment')
  return [{ slot: null, block: null, quantity, unitPrice: divide(rate, divisor) }]
}

/** What an expression gives; beside a quantity, at the price that follows from the two. */
export function amountCharges(component: Cursor, at: Situation): readonly Charge[] {
  const amount = evaluate(child(component, 'amount'), at)
  const quantity = evaluate(childOr(component, 'quantity', '1'), at)
  if (quantity.numerator <= 0n) return onTrust('unknown_component')
  return [{ slot: null, block: null, quantity, unitPrice: divide(amount, quantity) }]
}
