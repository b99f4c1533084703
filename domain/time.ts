import { invariant, present } from './result.js'

/** Milliseconds since 1970-01-01T00:00:00Z. Instants are whole milliseconds; nothing of ours is finer. */
export type Instant = number

/** A local calendar day, `YYYY-MM-DD`. */
export type LocalDate = string

export const secondMs = 1000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** China has kept one offset since 1992; organisations in other zones get their own implementation of this interface. */
export interface Calendar {
  /** Instant at which the local day begins. */
  readonly startOfDay: (date: LocalDate) => Instant
  /** Instant at which the local day begins that holds the instant. */
  readonly startOfDayAt: (instant: Instant) => Instant
  /** Local day that holds the instant. */
  readonly dateAt: (instant: Instant) => LocalDate
  /** Whole minutes from local midnight to the instant. */
  readonly minuteOfDay: (instant: Instant) => number
}

/** A zone whose offset from UTC never changes. */
export function createFixedOffsetCalendar(offsetMinutes: number): Calendar {
  const offsetMs = offsetMinutes * minuteMs
  const sinceMidnight = (instant: Instant) => (((instant + offsetMs) % dayMs) + dayMs) % dayMs
  return {
    startOfDay: (date) => parseDate(date) - offsetMs,
    startOfDayAt: (instant) => instant - sinceMidnight(instant),
    dateAt: (instant) => new Date(instant + offsetMs).toISOString().slice(0, 10),
    minuteOfDay: (instant) => Math.floor(sinceMidnight(instant) / minuteMs),
  }
}

const zones: Readonly<Record<string, Calendar>> = {
  'Asia/Shanghai': createFixedOffsetCalendar(8 * 60),
  UTC: createFixedOffsetCalendar(0),
}

/** Calendar of an IANA zone; null for a zone the product does not know yet. */
export function calendarOf(zone: string): Calendar | null {
  return zones[zone] ?? null
}

/** Calendar of a zone that is on record already; the registry admits only zones that the product knows. */
export function calendarFor(zone: string): Calendar {
  return present(calendarOf(zone), `calendar of ${zone}`)
}

export const beijing = createFixedOffsetCalendar(8 * 60)

export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(parseDate(date) + days * dayMs).toISOString().slice(0, 10)
}

/** The local day that a midnight closes: a register stamped D+1 00:00 is what day D came to. */
export function closedDay(calendar: Calendar, midnight: Instant): LocalDate {
  return addDays(calendar.dateAt(midnight), -1)
}

/** `YYYY-MM-DD hh:mm` in local time, for people. */
export function localMinute(calendar: Calendar, instant: Instant): string {
  const minutes = calendar.minuteOfDay(instant)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${calendar.dateAt(instant)} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** Whole days from one local day to another; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return (parseDate(to) - parseDate(from)) / dayMs
}

/** The local days of [from, to). */
export function datesIn(from: LocalDate, to: LocalDate): readonly LocalDate[] {
  return Array.from({ length: Math.max(0, daysBetween(from, to)) }, (_, index) => addDays(from, index))
}

/** Weekday of a local day: 0 Sunday … 6 Saturday, as meters number them too. */
export function weekdayOf(date: LocalDate): number {
  return new Date(parseDate(date)).getUTCDay()
}

export function monthOf(date: LocalDate): { readonly year: number; readonly month: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)) }
}

/** True for a day that exists, written `YYYY-MM-DD`. */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const ms = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text
}

function parseDate(date: LocalDate): number {
  invariant(isLocalDate(date), `not a calendar day: ${date}`)
  return Date.parse(`${date}T00:00:00Z`)
}
