import { err, ok, type Result } from '../../domain/result.js'
import { type Calendar, type Instant, minuteMs } from '../../domain/time.js'
import type { IntervalsEntry } from '../rating/usage/usage-schema.js'
import type { AccountInput } from './account-input.js'
import type { AccountProblem } from './account-problem.js'
import { instantText } from './instant-text.js'
import { decimal } from './usage-quantities.js'

/** Energy of one interval after the multiplier. */
interface Slot {
  readonly from: Instant
  readonly minutes: number
  readonly energyE4: bigint
}

/**
 * The energy of an account by interval, from the days that the freeze named: times their multipliers, added up where a meter was exchanged
 * for another one. Together they come to exactly what the registers say that is billed; what moves that (relations, estimates of the old
 * books, a multiplier that changed within a day) has no place in time, and the account is parked.
 */
export function intervalEnergies(
  input: AccountInput,
  calendar: Calendar,
): Result<readonly IntervalsEntry[], AccountProblem> {
  const missing = whyUnknown(input)
  if (missing !== null) return err({ kind: 'interval_days_unknown', path, message: missing })
  const slots = slotsOf(input)
  const clash = slots.find(({ from }, index) => index > 0 && endOf(slots[index - 1]) > from)
  if (clash !== undefined)
    return err({
      kind: 'interval_length_differs',
      path,
      message: `meters that share a day have intervals of different lengths at ${new Date(clash.from).toISOString()}`,
    })
  const curves = slots.reduce((sum, { energyE4 }) => sum + energyE4, 0n)
  const [registers] = input.energies
  if (curves !== BigInt(registers))
    return err({
      kind: 'intervals_differ_from_registers',
      path,
      message: `the interval days come to ${decimal(String(curves))} kWh, what is billed is ${decimal(registers)} kWh`,
    })
  return ok(runsOf(slots).map((run) => toEntry(run, calendar)))
}

/** Whether some of the energies are estimates. */
export function restsOnFilledDays({ days = [] }: AccountInput): boolean {
  return days.some(({ isFilled }) => isFilled)
}

const path = 'usage.periods.0.quantities'
const bytesPerValue = 4

function whyUnknown({ quantities }: AccountInput): string | null {
  const frozen = quantities.find(({ name }) => name === 'interval_days')
  return frozen === undefined ? 'no meter of the account has interval days' : frozen.missing
}

/** The intervals that touch the period, in order; those of several meters that begin and last alike are one. */
function slotsOf({ days = [], start, end }: AccountInput): readonly Slot[] {
  const found = new Map<string, Slot>()
  for (const day of days) {
    const bytes = Buffer.from(day.values, 'base64')
    for (let at = 0; at < bytes.length; at += bytesPerValue) {
      const { minutes } = day
      const from = day.start + (at / bytesPerValue) * minutes * minuteMs
      if (from >= end || from + minutes * minuteMs <= start) continue
      const key = `${from} ${minutes}`
      const energyE4 = BigInt(bytes.readInt32LE(at)) * BigInt(day.multiplier)
      found.set(key, { from, minutes, energyE4: energyE4 + (found.get(key)?.energyE4 ?? 0n) })
    }
  }
  return [...found.values()].sort((a, b) => a.from - b.from)
}

/** Intervals of one length that follow each other. */
function runsOf(slots: readonly Slot[]): readonly (readonly Slot[])[] {
  const runs: Slot[][] = []
  for (const slot of slots) {
    const last = runs.at(-1)
    const before = last?.at(-1)
    if (last !== undefined && endOf(before) === slot.from && before?.minutes === slot.minutes) last.push(slot)
    else runs.push([slot])
  }
  return runs
}

function endOf(slot: Slot | undefined): Instant {
  return slot === undefined ? Number.NEGATIVE_INFINITY : slot.from + slot.minutes * minuteMs
}

function toEntry(run: readonly Slot[], calendar: Calendar): IntervalsEntry {
  const [first] = run
  return {
    name: 'energy',
    intervals: {
      start: instantText(calendar, first?.from ?? 0),
      minutes: first?.minutes ?? 0,
      unit: 'kWh',
      values: run.map(({ energyE4 }) => decimal(String(energyE4))),
      multiplier: '1',
      missing: 'refuse',
    },
  }
}
