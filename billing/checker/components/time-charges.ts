import { child, childOr, type Cursor, fraction, isAbsent, text } from '../cursor.js'
import { add, divide, integer, multiply, type Rational, sum } from '../rational.js'
import { type Days, daysIn, monthsOf, sharedDays } from './days.js'
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

/** A whole number of months counts as such, and a part of it its share by days; other periods count days by those of each calendar month. */
function monthsIn(part: Days, whole: Days, stated: Cursor, dayCount: Cursor): Rational {
  const months = isAbsent(stated) ? wholeMonths(whole) : fraction(stated)
  const days = integer(daysIn(part))
  if (months !== null && part.from === whole.from && part.to === whole.to) return months
  if (dayCount.value === 'whole') return onTrust('unknown_component')
  if (dayCount.value !== 'calendar') return divide(days, fraction(child(dayCount, 'days')))
  if (months !== null) return divide(multiply(months, days), integer(daysIn(whole)))
  return sum(
    monthsOf({ from: `${part.from.slice(0, 7)}-01`, to: part.to }).map((month) => {
      const shared = sharedDays(month, part) ?? onTrust('unknown_component')
      return divide(integer(daysIn(shared)), integer(daysIn(month)))
    }),
  )
}

/** From a day that every month has to the same day of a later month; null for other stretches. */
function wholeMonths({ from, to }: Days): Rational | null {
  if (from.slice(8) > '28') return onTrust('unknown_component')
  return from.slice(8) === to.slice(8) ? integer(BigInt(monthsOf({ from, to }).length)) : null
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
