import { add, compare, divide, rational, type Rational, sum, zero } from '../../../domain/rational.js'
import { type Calendar, minuteMs } from '../../../domain/time.js'
import { refuse } from '../refusal.js'
import type { Span } from './local-time.js'
import type { Parcel } from './parcels.js'

export interface DemandRule {
  readonly minutes: number
  readonly window: 'block' | 'rolling'
  readonly take: 'highest' | { readonly meanOf: number }
}

/**
 * Demand in kW: the mean power of each window of so many minutes, of which the highest counts, or the mean of the n highest. A window
 * belongs to the period in which it ends; one that is not wholly covered by intervals (or by intervals of the slot) is none.
 * Block windows are laid from local midnight. Zero where no window is whole.
 */
export function demandOf(
  calendar: Calendar,
  parcels: readonly Parcel[],
  span: Span,
  rule: DemandRule,
  path: string,
): Rational {
  const powers = windowEnergies(calendar, parcels, span, rule, path)
    .map((energy) => divide(energy, rational(BigInt(rule.minutes), 60n)))
    .sort((a, b) => compare(b, a))
  if (rule.take === 'highest') return powers[0] ?? zero
  const highest = powers.slice(0, rule.take.meanOf)
  return highest.length === 0 ? zero : divide(sum(highest), rational(BigInt(highest.length)))
}

function windowEnergies(
  calendar: Calendar,
  parcels: readonly Parcel[],
  span: Span,
  { minutes, window }: DemandRule,
  path: string,
): readonly Rational[] {
  const lengthMs = minutes * minuteMs
  const energies: Rational[] = []
  for (const [first, { from }] of parcels.entries()) {
    const end = from + lengthMs
    if (end <= span.from || end > span.to) continue
    if (window === 'block' && (from - calendar.startOfDayAt(from)) % lengthMs !== 0) continue
    const energy = energyUntil(parcels, first, end, path)
    if (energy !== null) energies.push(energy)
  }
  return energies
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
