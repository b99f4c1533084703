import { dayTypesOf, minutesBySlot } from '../../../domain/slot-hours.js'
import { type Calendar, dayMs, type Instant, type LocalDate, minuteMs } from '../../../domain/time.js'
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
}

export function createSlotDays(
  calendar: Calendar,
  set: SlotSet,
  calledDays: readonly { readonly date: LocalDate; readonly as: string }[],
  path: string,
): SlotDays {
  const asked = new Set(set.slots.flatMap(({ when = [] }) => when.flatMap(({ days = [] }) => days)))
  // A called day that only another calendar knows is an ordinary day here.
  const called = calledDays.filter(({ as }) => asked.has(as))
  const special = new Map([...(set.specialDays ?? []), ...called].map(({ date, as }) => [date, as]))
  const explicit = set.slots.flatMap(({ name, intervals = [] }) =>
    intervals.map(({ start, end }) => ({
      slot: name,
      from: instantOf(calendar, start, path),
      to: instantOf(calendar, end, path),
    })),
  )
  refuseTwoAtOnce(explicit, path)
  const days = new Map<LocalDate, readonly SlotStretch[]>()
  const dayOf = (date: LocalDate) => {
    const known = days.get(date) ?? override(laidDay(calendar, set, date, dayTypesOf(set, special, date)), explicit)
    days.set(date, known)
    return known
  }
  const stretchesIn = (span: Span) => {
    const found: SlotStretch[] = []
    for (let instant = calendar.startOfDayAt(span.from); instant < span.to; ) {
      const day = dayOf(calendar.dateAt(instant))
      for (const stretch of day) {
        const shared = overlap(stretch, span)
        if (shared !== null) found.push({ ...shared, slot: stretch.slot })
      }
      instant = day.at(-1)?.to ?? refuse('time_without_slot', path, 'a day without time')
    }
    return found
  }
  return { set, stretchesIn }
}

function laidDay(calendar: Calendar, set: SlotSet, date: LocalDate, types: readonly string[]): readonly SlotStretch[] {
  const slots = minutesBySlot(set, date, types)
  const start = calendar.startOfDay(date)
  const end = calendar.startOfDayAt(start + dayMs + 2 * 60 * minuteMs)
  const minuteAt =
    end - start === dayMs
      ? (instant: Instant) => (instant - start) / minuteMs
      : (instant: Instant) => calendar.minuteOfDay(instant)
  const stretches: { from: Instant; to: Instant; slot: string | null }[] = []
  for (let instant = start; instant < end; instant += minuteMs) {
    const slot = slots[minuteAt(instant)] ?? null
    const last = stretches.at(-1)
    if (last?.slot === slot) last.to = instant + minuteMs
    else stretches.push({ from: instant, to: instant + minuteMs, slot })
  }
  return stretches
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
