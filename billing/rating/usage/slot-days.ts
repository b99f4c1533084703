import { weekdays } from '../../../domain/slot-calendar.js'
import { dayTypesOf, fallsOn, minutesBySlot } from '../../../domain/slot-hours.js'
import { type Calendar, dayMs, type LocalDate, minuteMs } from '../../../domain/time.js'
import type { SlotSet } from '../../tariffs/components/slot-schema.js'
import { refuse } from '../refusal.js'
import { instantOf, overlap, type Span } from './local-time.js'

/** A stretch of time in one slot; null where a partial calendar names none. */
export interface SlotStretch extends Span {
  readonly slot: string | null
}

/** The slots of a calendar on the days of a zone. */
export interface SlotDays {
  readonly set: SlotSet
  /** Stretches that make up [from, to), in order. */
  readonly stretchesIn: (span: Span) => readonly SlotStretch[]
  /** Whether any of [from, to) is in the slot. */
  readonly enters: (slot: string, span: Span) => boolean
}

/** Eleven years of them: what a run or a comparison looks at. */
const mostDaysKept = 4096

export function createSlotDays(
  calendar: Calendar,
  set: SlotSet,
  calledDays: readonly { readonly date: LocalDate; readonly as: string }[],
  path: string,
): SlotDays {
  const asked = set.slots.flatMap(({ when = [] }) => when.flatMap(({ days = [] }) => days))
  // A called day of a type that only another calendar knows is an ordinary day here; days of the week are known to all.
  const knownTypes = new Set([...asked, ...weekdays, 'weekday', 'weekend'])
  const called = calledDays.filter(({ as }) => knownTypes.has(as))
  const special = new Map([...(set.specialDays ?? []), ...called].map(({ date, as }) => [date, as]))
  const explicit = set.slots.flatMap(({ name, intervals = [] }) =>
    intervals.map(({ start, end }) => ({
      slot: name,
      from: instantOf(calendar, start, path),
      to: instantOf(calendar, end, path),
    })),
  )
  refuseTwoAtOnce(explicit, path)
  const patternOn = createPatterns(set, special, path)
  const days = new Map<LocalDate, readonly SlotStretch[]>()
  const dayOf = (date: LocalDate) => {
    const known = days.get(date)
    if (known !== undefined) return known
    if (days.size >= mostDaysKept) days.clear()
    const day = override(laidDay(calendar, date, patternOn(date)), explicit)
    days.set(date, day)
    return day
  }
  function* daysIn(span: Span) {
    for (let instant = calendar.startOfDayAt(span.from); instant < span.to; ) {
      const day = dayOf(calendar.dateAt(instant))
      yield day
      instant = day.at(-1)?.to ?? refuse('time_without_slot', path, 'a day without time')
    }
  }
  const stretchesIn = (span: Span) => {
    const found: SlotStretch[] = []
    for (const day of daysIn(span))
      for (const stretch of day) {
        const shared = overlap(stretch, span)
        if (shared !== null) found.push({ ...shared, slot: stretch.slot })
      }
    return found
  }
  const enters = (slot: string, span: Span) => {
    for (const day of daysIn(span))
      if (day.some((stretch) => stretch.slot === slot && overlap(stretch, span) !== null)) return true
    return false
  }
  return { set, stretchesIn, enters }
}

/** What the clock on the wall shows on one kind of day: the slot of each minute, and the stretches that they make up, in minutes. */
interface DayPattern {
  readonly minutes: readonly (string | null)[]
  readonly stretches: readonly SlotStretch[]
}

/** Days on which the same hours hold have one pattern. */
function createPatterns(
  set: SlotSet,
  special: ReadonlyMap<LocalDate, string>,
  path: string,
): (date: LocalDate) => DayPattern {
  const hours = set.slots.flatMap(({ when = [] }) => when)
  const patterns = new Map<string, DayPattern>()
  return (date) => {
    const types = dayTypesOf(set, special, date)
    const holding = hours.map((one) => (fallsOn(one, date, types) ? '1' : '0')).join('')
    const known = patterns.get(holding)
    if (known !== undefined) return known
    const minutes = minutesBySlot(set, date, types)
    if (set.partial !== true && minutes.includes(null))
      refuse('time_without_slot', path, `${date} is called ${types.join(', ')}, and some of it is in no slot`)
    const pattern = { minutes, stretches: joined(minutes.length, (minute) => minutes[minute] ?? null) }
    patterns.set(holding, pattern)
    return pattern
  }
}

/** Minutes that follow each other in one slot as stretches. */
function joined(count: number, slotAt: (minute: number) => string | null): readonly SlotStretch[] {
  const stretches: { from: number; to: number; slot: string | null }[] = []
  for (let minute = 0; minute < count; minute += 1) {
    const slot = slotAt(minute)
    const last = stretches.at(-1)
    if (last?.slot === slot) last.to = minute + 1
    else stretches.push({ from: minute, to: minute + 1, slot })
  }
  return stretches
}

/** A day on which clocks are set is as long as time goes by in it, and its minutes are those that they show. */
function laidDay(calendar: Calendar, date: LocalDate, { minutes, stretches }: DayPattern): readonly SlotStretch[] {
  const start = calendar.startOfDay(date)
  const end = calendar.startOfDayAt(start + dayMs + 2 * 60 * minuteMs)
  const shown = (minute: number) => minutes[calendar.minuteOfDay(start + minute * minuteMs)] ?? null
  const laid = end - start === dayMs ? stretches : joined(Math.ceil((end - start) / minuteMs), shown)
  return laid.map(({ from, to, slot }) => ({ from: start + from * minuteMs, to: start + to * minuteMs, slot }))
}

function refuseTwoAtOnce(explicit: readonly SlotStretch[], path: string): void {
  const ordered = [...explicit].sort((a, b) => a.from - b.from)
  for (const [index, { from, to, slot }] of ordered.entries()) {
    if (from >= to) refuse('validity_empty', path, `an interval of ${slot ?? ''} ends before it begins`)
    const next = ordered[index + 1]
    if (next !== undefined && next.from < to)
      refuse('minute_twice', path, `${new Date(next.from).toISOString()} is in two intervals of the calendar`)
  }
}

/** Explicit intervals go before the clock. */
function override(day: readonly SlotStretch[], explicit: readonly SlotStretch[]): readonly SlotStretch[] {
  return explicit.reduce<readonly SlotStretch[]>(
    (stretches, interval) =>
      stretches.flatMap((stretch) => {
        const shared = overlap(stretch, interval)
        if (shared === null) return [stretch]
        return [
          { ...stretch, to: shared.from },
          { ...shared, slot: interval.slot },
          { ...stretch, from: shared.to },
        ].filter(({ from, to }) => from < to)
      }),
    day,
  )
}
