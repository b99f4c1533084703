import { add, compare, divide, rational, type Rational, sum, zero } from '../../../domain/rational.js'
import { addDays, type Calendar, type Instant, type LocalDate, minuteMs } from '../../../domain/time.js'
import { refuse } from '../refusal.js'
import type { Span } from './local-time.js'
import type { Parcel } from './parcels.js'

export interface DemandRule {
  readonly minutes: number
  readonly window: 'block' | 'rolling'
  readonly take: 'highest' | 'sum_of_days' | { readonly meanOf: number; readonly onDifferentDays?: true | undefined }
}

/**
 * Demand in kW: the mean power of each window of so many minutes, of which the highest counts, or the mean of the n highest. A window belongs to the period and the day in which it ends; one that is not wholly covered by intervals (or by intervals of the slot) is none.
 * Block windows are laid from local midnight. Zero where no window is whole.
 */
export function demandOf(
  calendar: Calendar,
  parcels: readonly Parcel[],
  span: Span,
  rule: DemandRule,
  path: string,
): Rational {
  const { take, minutes } = rule
  const windows = windowEnergies(calendar, parcels, span, rule, path)
  const power = ({ energy }: Window) => powerOf(energy, minutes)
  if (typeof take === 'string') return highestOf(windows.map(power))
  const powers =
    take.onDifferentDays === true
      ? byDay(calendar, windows).map(({ windows: ofDay }) => highestOf(ofDay.map(power)))
      : windows.map(power)
  const highest = powers.sort((a, b) => compare(b, a)).slice(0, take.meanOf)
  return highest.length === 0 ? zero : divide(sum(highest), rational(BigInt(highest.length)))
}

/** The highest of each local day of a span that has a whole window, in order of time; of a day that the span cuts, its part. */
export function demandByDay(
  calendar: Calendar,
  parcels: readonly Parcel[],
  span: Span,
  rule: DemandRule,
  path: string,
): readonly (Span & { readonly value: Rational })[] {
  return byDay(calendar, windowEnergies(calendar, parcels, span, rule, path)).map(({ date, windows }) => ({
    from: Math.max(calendar.startOfDay(date), span.from),
    to: Math.min(calendar.startOfDay(addDays(date, 1)), span.to),
    value: highestOf(windows.map(({ energy }) => powerOf(energy, rule.minutes))),
  }))
}

function powerOf(energy: Rational, minutes: number): Rational {
  return divide(energy, rational(BigInt(minutes), 60n))
}

interface Window {
  readonly end: Instant
  readonly energy: Rational
}

function highestOf(powers: readonly Rational[]): Rational {
  return powers.reduce((most, power) => (compare(power, most) > 0 ? power : most), zero)
}

interface DayWindows {
  readonly date: LocalDate
  readonly windows: readonly Window[]
}

function byDay(calendar: Calendar, windows: readonly Window[]): readonly DayWindows[] {
  const days = new Map<LocalDate, Window[]>()
  for (const window of windows) {
    // A window over midnight is of the day in which it ends, as it is of the period.
    const date = calendar.dateAt(window.end - 1)
    days.set(date, [...(days.get(date) ?? []), window])
  }
  return [...days].map(([date, ofDay]) => ({ date, windows: ofDay }))
}

function windowEnergies(
  calendar: Calendar,
  parcels: readonly Parcel[],
  span: Span,
  { minutes, window }: DemandRule,
  path: string,
): readonly Window[] {
  const lengthMs = minutes * minuteMs
  const windows: Window[] = []
  for (const [first, { from }] of parcels.entries()) {
    const end = from + lengthMs
    if (end <= span.from || end > span.to) continue
    if (window === 'block' && (from - calendar.startOfDayAt(from)) % lengthMs !== 0) continue
    const energy = energyUntil(parcels, first, end, path)
    if (energy !== null) windows.push({ end, energy })
  }
  return windows
}

/** Energy of the parcels that follow each other from one to an instant; null where one of them is missing. */
function energyUntil(parcels: readonly Parcel[], first: number, end: number, path: string): Rational | null {
  let [energy, reached] = [zero, parcels[first]?.from ?? end]
  for (let index = first; reached < end; index += 1) {
    const parcel = parcels[index]
    if (parcel === undefined || parcel.from !== reached) return null
    if (parcel.to > end)
      return refuse('window_does_not_fit', path, 'a demand window is not a whole number of intervals')
    ;[energy, reached] = [add(energy, parcel.value), parcel.to]
  }
  return energy
}
