import { child, childOr, type Cursor, fraction, isAbsent, text } from '../cursor.js'
import { ceiling, divide, integer, multiply, type Rational, sum, zero } from '../rational.js'
import { calendarMonths, type Days, daysIn, isOfWholeMonths, monthsOf, sharedDays } from './days.js'
import { onTrust } from './on-trust.js'
import type { Situation } from './situation.js'

/** How many days, months, years or periods a part counts for, as `per` and `dayCount` of a component say. */
export function timesOf(component: Cursor, per: string, part: Days, { whole, period }: Situation): Rational {
  const days = integer(daysIn(part))
  const dayCount = childOr(component, 'dayCount', 'calendar')
  switch (per) {
    case 'day':
      return days
    case 'period':
      return divide(days, integer(daysIn(whole)))
    case 'month':
      return started(monthsIn(part, whole, child(period, 'months'), dayCount), dayCount)
    case 'year':
      return started(yearsIn(part, whole, child(period, 'months'), dayCount), dayCount)
    default:
      return onTrust('unknown_component')
  }
}

/** A started month or year is a whole one where the component says so. */
function started(counted: Rational, dayCount: Cursor): Rational {
  return dayCount.value === 'whole' ? ceiling(counted) : counted
}

function givenDays(dayCount: Cursor): Rational | null {
  return typeof dayCount.value === 'string' ? null : fraction(child(dayCount, 'days'))
}

/** Stated months, of which a part has its share by days; otherwise the months of the period where they are whole, else those of the calendar. */
export function monthsIn(part: Days, whole: Days, stated: Cursor, dayCount: Cursor): Rational {
  const given = givenDays(dayCount)
  if (isAbsent(stated)) {
    const months = isOfWholeMonths(whole) ? monthsOf(whole) : calendarMonths(part)
    return sum(months.map((month) => shareOfMonth(part, month, given)))
  }
  const months = fraction(stated)
  if (part.from === whole.from && part.to === whole.to) return months
  const days = integer(daysIn(part))
  return given === null ? divide(multiply(months, days), integer(daysIn(whole))) : divide(days, given)
}

/** Days ÷ those of the month, or ÷ a given number; a whole month is one. */
function shareOfMonth(part: Days, month: Days, given: Rational | null): Rational {
  const shared = sharedDays(month, part)
  if (shared === null) return zero
  if (shared.from === month.from && shared.to === month.to) return integer(1n)
  return divide(integer(daysIn(shared)), given ?? integer(daysIn(month)))
}

/** A twelfth of the months where these are whole or stated, else days ÷ those of each calendar year; with given days always days ÷ those. */
function yearsIn(part: Days, whole: Days, stated: Cursor, dayCount: Cursor): Rational {
  const given = givenDays(dayCount)
  if (given !== null) return divide(integer(daysIn(part)), given)
  if (!isAbsent(stated) || isOfWholeMonths(whole))
    return divide(monthsIn(part, whole, stated, { value: 'calendar', path: dayCount.path }), integer(12n))
  const [first, last] = [Number(part.from.slice(0, 4)), Number(part.to.slice(0, 4))]
  const years = Array.from({ length: last - first + 1 }, (_, index) => ({
    from: `${first + index}-01-01`,
    to: `${first + index + 1}-01-01`,
  }))
  return sum(
    years.map((year) => {
      const shared = sharedDays(year, part)
      return shared === null ? zero : divide(integer(daysIn(shared)), integer(daysIn(year)))
    }),
  )
}

/** Per what a component of time is charged. */
export function perOf(component: Cursor, implied: string): string {
  return text(childOr(component, 'per', implied))
}
