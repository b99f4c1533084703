import { groupBy } from '../../../domain/group-by.js'
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

/** A window that counts, by the instant at which it ends, and its mean power. */
export interface CountedWindow {
  readonly end: Instant
  readonly power: Rational
}

/**
 * Demand in kW: the mean power of each window of so many minutes, of which the highest counts, or the mean of the n highest. A window belongs to
 * the period and the day in which it ends; one that is not wholly covered by intervals (or by intervals of the slot) is none. Block windows
 * are laid from local midnight. Zero where no window is whole.
 */
export function demandOf(windows: readonly CountedWindow[]): Rational {
  const powers = windows.map(({ power }) => power)
  return powers.length === 0 ? zero : divide(sum(powers), rational(BigInt(powers.length)))
}

/** The windows of a span that count: the highest one, the n highest, or the highest of each local day. */
export function countedWindows(
  calendar: Calendar,
  parcels: readonly Parcel[],
  span: Span,
  rule: DemandRule,
  path: string,
): readonly CountedWindow[] {
  const { take, minutes } = rule
  const hours = rational(BigInt(minutes), 60n)
  const windows = windowEnergies(calendar, parcels, span, rule, path).map(
    ({ end, energy }): CountedWindow => ({
      end,
      power: divide(energy, hours),
    }),
  )
  if (take === 'highest') return highestOf(windows)
  if (take === 'sum_of_days') return highestByDay(calendar, windows)
  const candidates = take.onDifferentDays === true ? highestByDay(calendar, windows) : windows
  return [...candidates].sort((a, b) => compare(b.power, a.power)).slice(0, take.meanOf)
}

/** The local day of each window, as far as it lies in a span, with the window's power as its demand. */
export function demandByDay(
  calendar: Calendar,
  windows: readonly CountedWindow[],
  span: Span,
): readonly (Span & { readonly value: Rational })[] {
  return windows.map(({ end, power }) => {
    const date = dayOf(calendar, end)
    return {
      from: Math.max(calendar.startOfDay(date), span.from),
      to: Math.min(calendar.startOfDay(addDays(date, 1)), span.to),
      value: power,
    }
  })
}

interface Window {
  readonly end: Instant
  readonly energy: Rational
}

function highestOf(windows: readonly CountedWindow[]): readonly CountedWindow[] {
  const [first, ...others] = windows
  if (first === undefined) return []
  return [others.reduce((most, window) => (compare(window.power, most.power) > 0 ? window : most), first)]
}

function highestByDay(calendar: Calendar, windows: readonly CountedWindow[]): readonly CountedWindow[] {
  return [...groupBy(windows, ({ end }) => dayOf(calendar, end)).values()].flatMap(highestOf)
}

/** A window over midnight is of the day in which it ends, as it is of the period. */
function dayOf(calendar: Calendar, end: Instant): LocalDate {
  return calendar.dateAt(end - 1)
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
