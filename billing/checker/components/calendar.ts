import { child, childOr, type Cursor, isAbsent, items, text } from '../cursor.js'
import { momentOf } from './intervals.js'
import type { Situation } from './situation.js'

const minuteMs = 60_000
const minutesOfDay = 1440
const dayMs = minutesOfDay * minuteMs
/** Beijing time. */
const offsetMs = 8 * 60 * minuteMs
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** The slot of a stretch of time [from, to); null where it lies in none, undefined where it lies in several. */
export type SlotAt = (from: number, to: number) => string | null | undefined

/** The calendar that a component goes by, or else the first of the version that knows a slot; null where none does. */
export function calendarWith({ version, calendar }: Situation, slot: string): Cursor | null {
  const all = items(childOr(version, 'calendars', []))
  const own = all.filter((one) => child(one, 'name').value === calendar)
  const knows = (one: Cursor) => items(child(one, 'slots')).some((each) => child(each, 'name').value === slot)
  return [...own, ...all].find(knows) ?? null
}

/** Slots by the clock of Beijing; explicit intervals go before it. */
export function slotsBy(calendar: Cursor, usage: Cursor): SlotAt {
  const slots = items(child(calendar, 'slots'))
  const explicit = slots.flatMap((slot) =>
    items(childOr(slot, 'intervals', [])).map((interval) => ({
      slot: text(child(slot, 'name')),
      from: momentOf(child(interval, 'start')),
      to: momentOf(child(interval, 'end')),
    })),
  )
  const special = specialDays(calendar, slots, usage)
  const days = new Map<number, readonly (string | null)[]>()
  const minutesOf = (day: number) => {
    const known = days.get(day)
    if (known !== undefined) return known
    const date = new Date(day * dayMs).toISOString().slice(0, 10)
    const minutes = minutesOn(calendar, slots, date, special.get(date))
    days.set(day, minutes)
    return minutes
  }
  const slotAt = (instant: number): string | null => {
    const listed = explicit.find(({ from, to }) => from <= instant && instant < to)
    if (listed !== undefined) return listed.slot
    const local = instant + offsetMs
    return minutesOf(Math.floor(local / dayMs))[Math.floor((local % dayMs) / minuteMs)] ?? null
  }
  return (from, to) => {
    const first = slotAt(from)
    for (let at = from + minuteMs; at < to; at += minuteMs) if (slotAt(at) !== first) return undefined
    return first
  }
}

/** Days that the calendar names, and those that the usage calls by a day of the week or a type that the calendar asks for. */
function specialDays(calendar: Cursor, slots: readonly Cursor[], usage: Cursor): ReadonlyMap<string, string> {
  const asked = new Set(
    slots.flatMap((slot) =>
      items(childOr(slot, 'when', [])).flatMap((when) => items(childOr(when, 'days', [])).map(text)),
    ),
  )
  const of = (day: Cursor) => [text(child(day, 'date')), text(child(day, 'as'))] as const
  const called = items(childOr(usage, 'specialDays', [])).map(of)
  const isKnown = (as: string) => asked.has(as) || [...weekdays, 'weekday', 'weekend'].includes(as)
  return new Map([...items(childOr(calendar, 'specialDays', [])).map(of), ...called.filter(([, as]) => isKnown(as))])
}

function minutesOn(
  calendar: Cursor,
  slots: readonly Cursor[],
  date: string,
  special: string | undefined,
): readonly (string | null)[] {
  const own = weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sunday'
  const weekend = items(childOr(calendar, 'weekend', ['saturday', 'sunday'])).map(({ value }) => value)
  // A special day that is said to be a day of the week is a weekday or a weekend as that day is.
  const weekday = special === undefined ? own : weekdays.find((name) => name === special)
  const types = weekday === undefined ? [special ?? own] : [weekday, weekend.includes(weekday) ? 'weekend' : 'weekday']
  const rest = slots.find((slot) => child(slot, 'otherwise').value === true)
  const minutes = Array.from({ length: minutesOfDay }, () => (rest === undefined ? null : text(child(rest, 'name'))))
  for (const slot of slots)
    for (const when of items(childOr(slot, 'when', [])).filter((one) => isOn(one, date, types)))
      for (const [from, to] of windowsOf(when)) minutes.fill(text(child(slot, 'name')), from, to)
  return minutes
}

function isOn(when: Cursor, date: string, types: readonly string[]): boolean {
  const [months, dates, days] = [child(when, 'months'), child(when, 'dates'), child(when, 'days')]
  const day = date.slice(5)
  if (!isAbsent(months) && !items(months).some(({ value }) => value === Number(day.slice(0, 2)))) return false
  if (!isAbsent(days) && !items(days).some((type) => types.includes(text(type)))) return false
  if (isAbsent(dates)) return true
  const [from, to] = [text(child(dates, 'from')), text(child(dates, 'to'))]
  return from < to ? from <= day && day < to : day >= from || day < to
}

/** Minutes [from, to) of the day; a window over midnight is two of them. */
function windowsOf(when: Cursor): readonly (readonly [number, number])[] {
  const windows = child(when, 'windows')
  if (isAbsent(windows)) return [[0, minutesOfDay]]
  const minute = (clock: string) => 60 * Number(clock.slice(0, 2)) + Number(clock.slice(3, 5))
  return items(windows).flatMap((window): readonly (readonly [number, number])[] => {
    const [from, to] = [minute(text(child(window, 'from'))), minute(text(child(window, 'to')))]
    if (from < to) return [[from, to]]
    return [
      [0, to],
      [from, minutesOfDay],
    ]
  })
}
