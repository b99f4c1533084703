import { add, ceiling, divide, isZero, rational, type Rational, zero } from '../../domain/rational.js'
import { addDays, daysBetween, type LocalDate } from '../../domain/time.js'
import { exact } from './usage/register-quantity.js'

/** Local days [from, to). */
export interface DateSpan {
  readonly from: LocalDate
  readonly to: LocalDate
}

/** Days that every month has: the same day of another month needs no calendar. */
const daysOfAnyMonth = 28

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}

/** The day so many months later; the last of the month where it has no such day. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  if (day <= daysOfAnyMonth) {
    const index = 12 * year + month - 1 + months
    return `${padded(Math.floor(index / 12), 4)}-${padded((index % 12) + 1, 2)}-${date.slice(8)}`
  }
  const first = new Date(Date.UTC(year, month - 1 + months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(day, last))).toISOString().slice(0, 10)
}

/** Months from one day to another where they are whole (20 June to 20 August: two); null where they are not. */
export function wholeMonths({ from, to }: DateSpan): number | null {
  const [fromYear = 0, fromMonth = 0] = from.split('-').map(Number)
  const [toYear = 0, toMonth = 0] = to.split('-').map(Number)
  const months = (toYear - fromYear) * 12 + toMonth - fromMonth
  return months > 0 && addMonths(from, months) === to ? months : null
}

/** The months that follow each other from a first day until a last, the last one cut. */
export function monthsFrom(first: LocalDate, end: LocalDate): readonly DateSpan[] {
  const months: DateSpan[] = []
  let from = first
  for (let index = 1; from < end; index += 1) {
    const to = addMonths(first, index)
    months.push({ from, to })
    from = to
  }
  return months
}

/** First day of the calendar month. */
export function monthStart(date: LocalDate): LocalDate {
  return `${date.slice(0, 7)}-01`
}

export type DayCount = 'calendar' | 'whole' | { readonly days: string }

/**
 * How many months a part of a period counts for. A period that states its months, or runs over whole ones (also 20 June to 20 July), counts
 * those, and a part of it its share by days; any other period counts days ÷ days of each calendar month. `whole`: a started month is one.
 * With given days a part counts days ÷ those, and only the undivided period its months.
 * Source: billing-rules 6 (2024: days used ÷ calendar days of the month; before: ÷ 30).
 */
export function monthsOf(part: DateSpan, period: DateSpan, stated: string | undefined, dayCount: DayCount): Rational {
  const whole = stated === undefined ? wholeMonths(period) : exact(stated)
  const months = typeof whole === 'number' ? rational(BigInt(whole)) : whole
  const isUndivided = part.from === period.from && part.to === period.to
  if (isUndivided && months !== null) return dayCount === 'whole' ? rational(ceiling(months)) : months
  if (typeof dayCount === 'object') return divide(daysOf(part), exact(dayCount.days))
  const days = daysOf(period)
  const counted =
    months === null || isZero(days) ? calendarMonths(part) : divide({ n: months.n * daysOf(part).n, d: months.d }, days)
  return dayCount === 'whole' ? rational(ceiling(counted)) : counted
}

function calendarMonths({ from, to }: DateSpan): Rational {
  return monthsFrom(monthStart(from), to).reduce((sum, month) => {
    const [start, end] = [from > month.from ? from : month.from, to < month.to ? to : month.to]
    return add(sum, divide(daysOf({ from: start, to: end }), daysOf(month)))
  }, zero)
}

export function daysOf({ from, to }: DateSpan): Rational {
  return rational(BigInt(daysBetween(from, to)))
}

/** Years of a part: whole months ÷ 12, otherwise days ÷ days of each calendar year. */
export function yearsOf(part: DateSpan, dayCount: DayCount): Rational {
  const months = wholeMonths(part)
  if (dayCount === 'whole')
    return rational(ceiling(rational(BigInt(months ?? monthsFrom(part.from, part.to).length), 12n)))
  if (typeof dayCount === 'object') return divide(daysOf(part), exact(dayCount.days))
  if (months !== null) return rational(BigInt(months), 12n)
  let years = zero
  for (let from = part.from; from < part.to; ) {
    const next = `${Number(from.slice(0, 4)) + 1}-01-01`
    const to = next < part.to ? next : part.to
    years = add(years, divide(daysOf({ from, to }), daysOf({ from: `${from.slice(0, 4)}-01-01`, to: next })))
    from = to
  }
  return years
}

/** Last local day of a span. */
export function lastDay({ to }: DateSpan): LocalDate {
  return addDays(to, -1)
}
