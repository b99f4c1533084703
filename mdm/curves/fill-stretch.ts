import type { SlotMinutes } from '../../domain/interval-day.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { LocalDate } from '../../domain/time.js'
import { apportion, type Share } from './apportion.js'
import type { CurvePolicy } from './policy.js'
import type { FillProblem } from './rule-names.js'
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
  const bases = basesOf(stretch, policy)
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
    halfWidthE4: spreadOf(stretch.energyE4, bases, basisDays),
  })
}

interface Basis {
  readonly days: readonly PastDay[]
  /** Slot of the similar days at the same time on the wall. */
  readonly place: number
  readonly capE4: bigint | null
}

/** Slots of one day rest on the same days, which are looked for once. */
function basesOf({ slots, past }: Stretch, policy: CurvePolicy): readonly Basis[] {
  const found = new Map<string, Omit<Basis, 'place'>>()
  return slots.map(({ date, slotMinutes, wallMinute, dayMaximumE4 }) => {
    const key = `${date} ${slotMinutes}`
    const known = found.get(key) ?? similarTo(date, slotMinutes, dayMaximumE4, past, policy)
    found.set(key, known)
    return { ...known, place: Math.floor(wallMinute / slotMinutes) }
  })
}

function similarTo(
  date: LocalDate,
  slotMinutes: SlotMinutes,
  dayMaximumE4: bigint | null,
  past: readonly PastDay[],
  policy: CurvePolicy,
): Omit<Basis, 'place'> {
  const days = similarDays(past, { date, slotMinutes, atMost: policy.similarDays })
  const ofDays = days.length === 0 ? null : days.reduce((most, day) => greater(most, maximumOf(day)), 0n)
  return { days, capE4: dayMaximumE4 ?? ofDays }
}

/** Every number of days from one to eight divides it, so that a mean of so many keeps its fraction. */
const meanScale = 840n

function meanAt(days: readonly PastDay[], place: number): bigint {
  return (sum(days.map(({ energiesE4 }) => energiesE4[place] ?? 0n)) * meanScale) / BigInt(days.length)
}

/** Without a shape a slot may hold anything from nothing to its cap. */
function widest({ energyE4 }: Stretch, shares: readonly Share[], energiesE4: readonly bigint[]): bigint {
  return shares.reduce((width, { capE4 }, index) => {
    const part = energiesE4[index] ?? 0n
    return greater(width, greater(part, (capE4 < energyE4 ? capE4 : energyE4) - part))
  }, 0n)
}

/**
 * How far nine of ten slots are off when each similar day, brought to the stretch's energy, is estimated by the others: a day tells nothing
 * of how well it foretells itself.
 */
function spreadOf(energyE4: bigint, bases: readonly Basis[], basisDays: number): bigint {
  const days = Array.from({ length: basisDays }, (_, day) =>
    bases.map(({ days: similar, place }) => similar[day]?.energiesE4[place] ?? 0n),
  )
  const distances = days.flatMap((shape, left) => {
    const others = shape.map((_, slot) => sum(days.map((day, at) => (at === left ? 0n : (day[slot] ?? 0n)))))
    const [whole, wholeOfOthers] = [sum(shape), sum(others)]
    if (whole === 0n || wholeOfOthers === 0n) return []
    return shape.map((part, slot) =>
      magnitude((part * energyE4) / whole - ((others[slot] ?? 0n) * energyE4) / wholeOfOthers),
    )
  })
  distances.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return distances[Math.min(distances.length, Math.ceil(((distances.length + 1) * nine) / ten)) - 1] ?? energyE4
}

const nine = 9
const ten = 10

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n)
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
