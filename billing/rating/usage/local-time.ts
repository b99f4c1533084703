import { type Calendar, type Instant, isLocalDate, minuteMs } from '../../../domain/time.js'
import { refuse } from '../refusal.js'

/** Half-open span of time. */
export interface Span {
  readonly from: Instant
  readonly to: Instant
}

/**
 * Instant of a text that the schema admitted: a day is its local midnight, a time without offset is what the clock on the wall shows (the
 * first of the two where clocks are set back). `time_does_not_exist` where they jump over it, or where the day is none.
 */
export function instantOf(calendar: Calendar, text: string, path: string): Instant {
  const day = text.slice(0, 10)
  if (!isLocalDate(day)) return refuse('time_does_not_exist', path, `${text} is no calendar day`)
  if (text.length === 10) return calendar.startOfDay(day)
  if (/(Z|[+-]\d{2}:\d{2})$/.test(text)) {
    const instant = Date.parse(text)
    return Number.isNaN(instant) ? refuse('time_does_not_exist', path, `${text} is no time`) : instant
  }
  const seconds = secondsOfDay(text.slice(11))
  if (seconds === null) return refuse('time_does_not_exist', path, `${text} is no time of day`)
  return wallInstant(calendar, day, seconds) ?? refuse('time_does_not_exist', path, `clocks never show ${text}`)
}

function wallInstant(calendar: Calendar, day: string, seconds: number): Instant | null {
  const minutes = Math.floor(seconds / 60)
  const shows = (instant: Instant) => calendar.dateAt(instant) === day && calendar.minuteOfDay(instant) === minutes
  const first = calendar.startOfDay(day) + minutes * minuteMs
  const shifted = first + (minutes - calendar.minuteOfDay(first)) * minuteMs
  const found = [first, shifted].find(shows)
  return found === undefined ? null : found + (seconds % 60) * 1000
}

function secondsOfDay(time: string): number | null {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  return hours > 23 || minutes > 59 || seconds > 59 ? null : (hours * 60 + minutes) * 60 + seconds
}

/** The part that two spans share; null where they share none. */
export function overlap(a: Span, b: Span): Span | null {
  const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)]
  return from < to ? { from, to } : null
}
