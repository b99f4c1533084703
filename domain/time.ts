import { invariant, present } from './result.js'
import { type ZoneOffsets, zoneOffsets } from './zone-offsets.js'

/** Milliseconds since 1970-01-01T00:00:00Z. Instants are whole milliseconds; nothing of ours is finer. */
export type Instant = number

/** A local calendar day, `YYYY-MM-DD`. */
export type LocalDate = string

export const secondMs = 1000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/**
 * Local days of a zone. They follow each other without gap or overlap, whatever the clocks do: a day begins when the clocks pass its
 * midnight for good, or jump over it.
 */
export interface Calendar {
  /** Instant at which the local day begins. */
  readonly startOfDay: (date: LocalDate) => Instant
  /** Instant at which the local day begins that holds the instant. */
  readonly startOfDayAt: (instant: Instant) => Instant
  /** Local day that holds the instant. */
  readonly dateAt: (instant: Instant) => LocalDate
  /** Whole minutes since midnight as a clock on the wall shows them; on a day on which it is set that is not the time gone by. */
  readonly minuteOfDay: (instant: Instant) => number
}

/** A zone whose offset from UTC never changes. */
export function createFixedOffsetCalendar(offsetMinutes: number): Calendar {
  const offsetMs = offsetMinutes * minuteMs
  const sinceMidnight = (instant: Instant) => (((instant + offsetMs) % dayMs) + dayMs) % dayMs
  return {
    startOfDay: (date) => parseDate(date) - offsetMs,
    startOfDayAt: (instant) => instant - sinceMidnight(instant),
    dateAt: (instant) => utcDate(instant + offsetMs),
    minuteOfDay: (instant) => Math.floor(sinceMidnight(instant) / minuteMs),
  }
}

/** A zone whose clocks are set now and then. */
function createZoneCalendar({ offsetAt, changesIn }: ZoneOffsets): Calendar {
  const wallAt = (instant: Instant) => instant + offsetAt(instant)
  const wallDate = (instant: Instant) => utcDate(wallAt(instant))
  const startOfDay = (date: LocalDate): Instant => {
    const midnight = parseDate(date)
    const changes = changesIn(midnight - 2 * dayMs, midnight + 2 * dayMs)
    const offsets = [midnight - 2 * dayMs, ...changes].map(offsetAt)
    const passes = (instant: Instant) => wallAt(instant) >= midnight && wallAt(instant - 1) < midnight
    return Math.max(...[...offsets.map((offset) => midnight - offset), ...changes].filter(passes))
  }
  const dateAt = (instant: Instant): LocalDate => {
    const shown = wallDate(instant)
    // Where clocks are set back over midnight, what they showed of the next day first still belongs to the day before.
    return instant < startOfDay(shown) ? addDays(shown, -1) : shown
  }
  return {
    startOfDay,
    startOfDayAt: (instant) => startOfDay(dateAt(instant)),
    dateAt,
    minuteOfDay: (instant) => Math.floor((wallAt(instant) - parseDate(wallDate(instant))) / minuteMs),
  }
}

/** China has kept one offset since 1992. */
export const beijing = createFixedOffsetCalendar(8 * 60)

/** Fixed offsets are kept beside the zones because they cost nothing. */
const calendars = new Map<string, Calendar | null>([
  ['Asia/Shanghai', beijing],
  ['UTC', createFixedOffsetCalendar(0)],
])

/** Calendar of an IANA zone; null for a name that the runtime does not know. */
export function calendarOf(zone: string): Calendar | null {
  const known = calendars.get(zone)
  if (known !== undefined) return known
  const offsets = zoneOffsets(zone)
  const calendar = offsets === null ? null : createZoneCalendar(offsets)
  calendars.set(zone, calendar)
  return calendar
}

/** Calendar of a zone that is on record already; the registry admits only zones that the product knows. */
export function calendarFor(zone: string): Calendar {
  return present(calendarOf(zone), `calendar of ${zone}`)
}

/** An instant as people write it down for machines, in UTC. */
export function isoText(instant: Instant): string {
  return new Date(instant).toISOString()
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return utcDate(parseDate(date) + days * dayMs)
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
  return utcMidnight(text) !== null
}

function parseDate(date: LocalDate): number {
  const midnight = utcMidnight(date)
  if (midnight === null) invariant(false, `not a calendar day: ${date}`)
  return midnight
}

/** Null for a text that is no calendar day. Taken apart here: rating asks this often, and a detour over `Date.parse` and back takes three times as long. */
function utcMidnight(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))]
  // `Date.UTC` takes the years below 100 for those of the twentieth century, so a whole cycle of the calendar is added and taken off.
  const midnight = Date.UTC(year + yearsPerCycle, month - 1, day)
  const found = new Date(midnight)
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === day ? midnight - cycleMs : null
}

const yearsPerCycle = 400
const cycleMs = 146_097 * dayMs

/** The day in UTC, of the years 0 to 9999. */
function utcDate(instant: Instant): LocalDate {
  const date = new Date(instant)
  const two = (value: number) => (value < 10 ? `0${value}` : `${value}`)
  return `${String(date.getUTCFullYear()).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
}
