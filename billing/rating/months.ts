import { add, ceiling, divide, multiply, one, rational, type Rational, zero } from '../../domain/rational.js'
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
 * those. A part of one that states them has its share by days; any other part is laid on the period's own months where these are whole,
 * else on calendar months: a whole one is one, of others the days count ÷ those of the month, or ÷ a given number. `whole`: a started month
 * is one.
 * Source: billing-rules 6 (2024: days used ÷ calendar days of the month; before: ÷ 30).
 */
export function monthsOf(part: DateSpan, period: DateSpan, stated: string | undefined, dayCount: DayCount): Rational {
  const counted = countedMonths(part, period, stated, dayCount)
  return dayCount === 'whole' ? rational(ceiling(counted)) : counted
}

function countedMonths(part: DateSpan, period: DateSpan, stated: string | undefined, dayCount: DayCount): Rational {
  if (stated === undefined) return laidOnMonths(part, ownMonths(part, period), dayCount)
  if (part.from === period.from && part.to === period.to) return exact(stated)
  if (typeof dayCount === 'object') return divide(daysOf(part), exact(dayCount.days))
  return multiply(exact(stated), divide(daysOf(part), daysOf(period)))
}

/** Months that the days of a part are counted of. */
function ownMonths(part: DateSpan, period: DateSpan): readonly DateSpan[] {
  return wholeMonths(period) === null
    ? monthsFrom(monthStart(part.from), part.to).map(({ from }) => ({ from, to: addMonths(from, 1) }))
    : monthsFrom(period.from, period.to)
}

function laidOnMonths(part: DateSpan, months: readonly DateSpan[], dayCount: DayCount): Rational {
  return months.reduce((sum, month) => {
    const from = part.from > month.from ? part.from : month.from
    const to = part.to < month.to ? part.to : month.to
    if (from >= to) return sum
    if (from === month.from && to === month.to) return add(sum, one)
    const days = typeof dayCount === 'object' ? exact(dayCount.days) : daysOf(month)
    return add(sum, divide(daysOf({ from, to }), days))
  }, zero)
}

export function daysOf({ from, to }: DateSpan): Rational {
  return rational(BigInt(daysBetween(from, to)))
}

/**
 * Years of a part: its months ÷ 12 where the period states its months or runs over whole ones, otherwise days ÷ days of each calendar year;
 * with given days always days ÷ those. `whole`: a started year is one.
 */
export function yearsOf(part: DateSpan, period: DateSpan, stated: string | undefined, dayCount: DayCount): Rational {
  if (typeof dayCount === 'object') return divide(daysOf(part), exact(dayCount.days))
  const isByMonths = stated !== undefined || wholeMonths(period) !== null
  const years = isByMonths
    ? divide(countedMonths(part, period, stated, 'calendar'), rational(12n))
    : calendarYears(part)
  return dayCount === 'whole' ? rational(ceiling(years)) : years
}

function calendarYears(part: DateSpan): Rational {
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
