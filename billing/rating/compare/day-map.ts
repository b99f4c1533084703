import { divide, rational, type Rational } from '../../../domain/rational.js'
import { present } from '../../../domain/result.js'
import { addDays, type Calendar, type Instant, daysBetween, type LocalDate } from '../../../domain/time.js'
import { daysOf, type DateSpan } from '../months.js'
import { instantOf, type Span } from '../usage/local-time.js'
import type { UsagePeriod } from '../usage/usage-schema.js'

/** A period of the first bill and the one of the second bill that it is compared with. */
export interface PeriodPair {
  readonly span: Span
  readonly target: Span
  readonly dates: DateSpan
  readonly targetDates: DateSpan
  /** Length of the second ÷ length of the first, in local days (in elapsed time where one is shorter than a day). */
  readonly ratio: Rational
}

/**
 * Lays the days of the first bill's periods on those of the second's. What is dated inside a period keeps its place in it, to the nearest
 * day; what is before or after keeps its distance. Order is kept, so what followed each other still does.
 */
export interface DayMap {
  readonly calendar: Calendar
  readonly pairs: readonly PeriodPair[]
  /** The periods are the same: nothing moves. */
  readonly isIdentity: boolean
  readonly text: (text: string, path: string) => string
  /** The day of the first bill that is laid on a day of the second; null for a day of no period. */
  readonly sourceOf: (target: LocalDate) => LocalDate | null
}

export function createDayMap(
  calendar: Calendar,
  first: readonly UsagePeriod[],
  second: readonly UsagePeriod[],
): DayMap {
  const spanOf = ({ start, end }: UsagePeriod, path: string): Span => ({
    from: instantOf(calendar, start, `${path}.start`),
    to: instantOf(calendar, end, `${path}.end`),
  })
  const pairs = first.map((period, index): PeriodPair => {
    const path = `usage.periods.${index}`
    return pairOf(calendar, spanOf(period, path), spanOf(present(second[index], path), path))
  })
  const ends = new Map<Instant, string>()
  for (const [index, { span }] of pairs.entries()) ends.set(span.to, present(second[index], 'a period').end)
  for (const [index, { span }] of pairs.entries()) ends.set(span.from, present(second[index], 'a period').start)
  return {
    calendar,
    pairs,
    isIdentity: pairs.every(({ span, target }) => span.from === target.from && span.to === target.to),
    text: (text, path) => {
      const instant = instantOf(calendar, text, path)
      return ends.get(instant) ?? textAt(calendar, instant, laidDate(pairs, calendar.dateAt(instant)))
    },
    sourceOf: (target) => sourceOf(pairs, target),
  }
}

function pairOf(calendar: Calendar, span: Span, target: Span): PeriodPair {
  const datesOf = ({ from, to }: Span) => ({ from: calendar.dateAt(from), to: calendar.dateAt(to) })
  const [dates, targetDates] = [datesOf(span), datesOf(target)]
  const [days, targetDays] = [daysOf(dates), daysOf(targetDates)]
  const elapsed = rational(BigInt(target.to - target.from), BigInt(span.to - span.from))
  const ratio = days.n > 0n && targetDays.n > 0n ? divide(targetDays, days) : elapsed
  return { span, target, dates, targetDates, ratio }
}

function laidDate(pairs: readonly PeriodPair[], date: LocalDate): LocalDate {
  const pair = pairs.findLast(({ dates }) => dates.from <= date) ?? present(pairs[0], 'a pair of periods')
  const { dates, targetDates } = pair
  if (date <= dates.from) return addDays(targetDates.from, daysBetween(dates.from, date))
  if (date >= dates.to) return addDays(targetDates.to, daysBetween(dates.to, date))
  const [days, targetDays] = [daysBetween(dates.from, dates.to), daysBetween(targetDates.from, targetDates.to)]
  return addDays(targetDates.from, Math.round((daysBetween(dates.from, date) * targetDays) / days))
}

function sourceOf(pairs: readonly PeriodPair[], target: LocalDate): LocalDate | null {
  const pair = pairs.find(({ targetDates }) => targetDates.from <= target && target < targetDates.to)
  if (pair === undefined) return null
  const { dates, targetDates } = pair
  const [days, targetDays] = [daysBetween(dates.from, dates.to), daysBetween(targetDates.from, targetDates.to)]
  return addDays(dates.from, Math.floor((daysBetween(targetDates.from, target) * days) / targetDays))
}

/** The same time of day on another day. */
function textAt(calendar: Calendar, instant: Instant, date: LocalDate): string {
  const seconds = calendar.minuteOfDay(instant) * 60 + (Math.floor(instant / 1000) % 60)
  if (seconds === 0) return date
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${date}T${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
}
