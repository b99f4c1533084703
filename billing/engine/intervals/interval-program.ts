import { err, ok, type Result } from '../../../domain/result.js'
import { minuteMs } from '../../../domain/time.js'
import type { Span } from '../../rating/usage/local-time.js'
import type { SlotDays } from '../../rating/usage/slot-days.js'

/** Local days of a span whose intervals fall into slots in the same way. */
export interface DayType {
  /** Slot of each interval of the day, as its position in `IntervalProgram.slots`. */
  readonly slotOf: Uint8Array
  /** The same as runs of one slot, each up to its `end`, in order. */
  readonly runs: readonly SlotRun[]
  /** Such days, by their number in the span. */
  readonly days: readonly number[]
}

/** Intervals of a day up to `end` that lie in one slot, from where the run before ends. */
export interface SlotRun {
  readonly slot: number
  readonly end: number
}

/** The slots of a calendar over a span, as the interval kernel walks them. */
export interface IntervalProgram {
  readonly slots: readonly string[]
  readonly dayTypes: readonly DayType[]
  /** First interval of each day, counted from the start of the span. */
  readonly firsts: readonly number[]
  /** Intervals of the whole span. */
  readonly intervals: number
}

export type ProgramError = { readonly kind: 'interval_straddles_slot' | 'time_without_slot' | 'day_does_not_fit_lanes' }

/** The kernel adds up four intervals at a time. */
const lanes = 4

/**
 * Days in order, each with its slots; 92 and 100 intervals where clocks are set. Refused: intervals that straddle a border or lie in no
 * slot, and days whose number of intervals is no multiple of four.
 */
export function compileIntervalProgram(
  days: SlotDays,
  localDays: readonly Span[],
  minutes: number,
): Result<IntervalProgram, ProgramError> {
  const slots = days.set.slots.map(({ name }) => name)
  const types = new Map<string, DayType & { days: number[] }>()
  const firsts: number[] = []
  let intervals = 0
  for (const day of localDays) {
    const slotOf = slotsOf(days, day, minutes * minuteMs, slots)
    if (!slotOf.ok) return slotOf
    const id = Buffer.from(slotOf.value).toString('latin1')
    const type = types.get(id) ?? { slotOf: slotOf.value, runs: runsOf(slotOf.value), days: [] }
    types.set(id, type)
    type.days.push(firsts.length)
    firsts.push(intervals)
    intervals += slotOf.value.length
  }
  return ok({ slots, dayTypes: [...types.values()], firsts, intervals })
}

function slotsOf(
  days: SlotDays,
  day: Span,
  stepMs: number,
  slots: readonly string[],
): Result<Uint8Array, ProgramError> {
  const count = (day.to - day.from) / stepMs
  if (!Number.isInteger(count) || count % lanes !== 0) return err({ kind: 'day_does_not_fit_lanes' })
  const slotOf = new Uint8Array(count)
  for (const { from, to, slot } of days.stretchesIn(day)) {
    const [first, last] = [(from - day.from) / stepMs, (to - day.from) / stepMs]
    if (!Number.isInteger(first) || !Number.isInteger(last)) return err({ kind: 'interval_straddles_slot' })
    if (slot === null) return err({ kind: 'time_without_slot' })
    slotOf.fill(slots.indexOf(slot), first, last)
  }
  return ok(slotOf)
}

function runsOf(slotOf: Uint8Array): readonly SlotRun[] {
  return [...slotOf].flatMap((slot, interval) => (slotOf[interval + 1] === slot ? [] : [{ slot, end: interval + 1 }]))
}
