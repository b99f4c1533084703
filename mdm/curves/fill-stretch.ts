import type { SlotMinutes } from '../../domain/interval-day.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { LocalDate } from '../../domain/time.js'
import { apportion, type Share } from './apportion.js'
import type { CurvePolicy } from './policy.js'
import type { FillProblem } from './rule.js'
import { type PastDay, similarDays } from './similar-days.js'

/** A slot that nobody measured. */
export interface OpenSlot {
  readonly date: LocalDate
  readonly slotMinutes: SlotMinutes
  /** Minutes since local midnight that a clock on the wall showed at its start. */
  readonly wallMinute: number
  /** The largest measured slot of its day; null when none was measured. */
  readonly dayMaximumE4: bigint | null
}

/** Slots between two known registers, in order. */
export interface Stretch {
  readonly slots: readonly OpenSlot[]
  readonly energyE4: bigint
  /** The meter's own days before the stretch. */
  readonly past: readonly PastDay[]
}

export interface FilledStretch {
  readonly energiesE4: readonly bigint[]
  readonly method: 'similar_days' | 'linear'
  readonly basisDays: number
  readonly halfWidthE4: bigint
}

/**
 * Gives each slot of a stretch its part of the known energy: in the shape of similar days, evenly where there are too few. No slot exceeds
 * the largest measured one of its day or, on a day without any, of the similar days: an estimate makes no demand peak. Where nothing is
 * known to compare with, an even part cannot exceed the true peak, because no maximum is below its mean.
 */
export function fillStretch(
  stretch: Stretch,
  policy: CurvePolicy,
): Result<FilledStretch, { readonly kind: FillProblem }> {
  const bases = stretch.slots.map((slot) => basisOf(slot, stretch.past, policy))
  const hasShape = bases.every(({ days }) => days.length >= policy.leastSimilarDays)
  const shares = bases.map(({ days, place, capE4 }, index): Share => {
    const minutes = BigInt(stretch.slots[index]?.slotMinutes ?? 0)
    return { weight: hasShape ? meanAt(days, place) : minutes, capE4: capE4 ?? stretch.energyE4 }
  })
  const energiesE4 = apportion(stretch.energyE4, shares)
  if (energiesE4 === null) return err({ kind: 'gap_above_peak' })
  if (!hasShape)
    return ok({ energiesE4, method: 'linear', basisDays: 0, halfWidthE4: widest(stretch, shares, energiesE4) })
  const basisDays = Math.min(...bases.map(({ days }) => days.length))
  return ok({
    energiesE4,
    method: 'similar_days',
    basisDays,
    halfWidthE4: spreadOf(stretch, bases, energiesE4, basisDays),
  })
}

interface Basis {
  readonly days: readonly PastDay[]
  /** Slot of the similar days at the same time on the wall. */
  readonly place: number
  readonly capE4: bigint | null
}

function basisOf(
  { date, slotMinutes, wallMinute, dayMaximumE4 }: OpenSlot,
  past: readonly PastDay[],
  policy: CurvePolicy,
): Basis {
  const days = similarDays(past, { date, slotMinutes, atMost: policy.similarDays })
  const capE4 =
    dayMaximumE4 ?? (days.length === 0 ? null : days.reduce((most, day) => greater(most, maximumOf(day)), 0n))
  return { days, place: Math.floor(wallMinute / slotMinutes), capE4 }
}

/** Every number of days from one to eight divides it, so that a mean of so many keeps its fraction. */
const meanScale = 840n

function meanAt(days: readonly PastDay[], place: number): bigint {
  return (days.reduce((sum, { energiesE4 }) => sum + (energiesE4[place] ?? 0n), 0n) * meanScale) / BigInt(days.length)
}

/** Without a shape a slot may hold anything from nothing to its cap. */
function widest({ energyE4 }: Stretch, shares: readonly Share[], energiesE4: readonly bigint[]): bigint {
  return shares.reduce((width, { capE4 }, index) => {
    const part = energiesE4[index] ?? 0n
    return greater(width, greater(part, (capE4 < energyE4 ? capE4 : energyE4) - part))
  }, 0n)
}

const nine = 9
const ten = 10

/** How far nine of ten slots of the similar days, each brought to the stretch's energy, lie from the estimate. */
function spreadOf(
  { energyE4 }: Stretch,
  bases: readonly Basis[],
  energiesE4: readonly bigint[],
  basisDays: number,
): bigint {
  const distances: bigint[] = []
  for (let day = 0; day < basisDays; day++) {
    const shape = bases.map(({ days, place }) => days[day]?.energiesE4[place] ?? 0n)
    const whole = shape.reduce((sum, part) => sum + part, 0n)
    if (whole === 0n) continue
    for (const [index, part] of shape.entries())
      distances.push(magnitude((part * energyE4) / whole - (energiesE4[index] ?? 0n)))
  }
  distances.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return distances[Math.ceil((distances.length * nine) / ten) - 1] ?? energyE4
}

function maximumOf({ energiesE4 }: PastDay): bigint {
  return energiesE4.reduce(greater, 0n)
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}
