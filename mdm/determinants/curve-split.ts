import { formatScaled } from '../../domain/scaled.js'
import type { LocalDate } from '../../domain/time.js'
import { minutesOfDay, valueAt } from '../tou-tables/day-slots.js'
import { slotsOfTariff } from '../tou-tables/slots-of-tariff.js'
import { hoursOn, type TariffHours } from '../tou-tables/tariff-hours.js'
import type { Energies } from './determinant.js'
import type { DeterminantPolicy } from './policy.js'

/** A complete day of a meter: energies kWh e4 a slot, before the multiplier. */
export interface SplitDay {
  readonly serviceDate: LocalDate
  readonly slotMinutes: number
  readonly energiesE4: ArrayLike<bigint>
}

/** Energy by tou1…tou4. */
export type TouSplit = readonly [bigint, bigint, bigint, bigint]

/** Register, from 0, that a slot of a day belongs to by the tariff; null where nobody can say. */
type RegisterOfSlot = readonly number[]

/**
 * What tou1…tou4 should have counted over some days by the hours of a tariff; null where a day has no hours, a change of slots lies within a
 * slot of the curve, a slot has no register, or a day has not 24 hours. Equal days are looked up once: give all meters of a tariff the same memory.
 */
export function createSplitByHours(
  versions: readonly TariffHours[],
): (days: readonly SplitDay[], multiplier: bigint) => TouSplit | null {
  const known = new Map<string, RegisterOfSlot | null>()
  const registersOn = (date: LocalDate, slotMinutes: number): RegisterOfSlot | null => {
    const key = `${date} ${slotMinutes}`
    const before = known.get(key)
    if (before !== undefined) return before
    const found = registersOfDay(versions, date, slotMinutes)
    known.set(key, found)
    return found
  }
  return (days, multiplier) => {
    const split: [bigint, bigint, bigint, bigint] = [0n, 0n, 0n, 0n]
    for (const { serviceDate, slotMinutes, energiesE4 } of days) {
      const registers = registersOn(serviceDate, slotMinutes)
      if (registers === null || registers.length !== energiesE4.length) return null
      for (const [slot, register] of registers.entries()) split[register as 0] += energiesE4[slot] ?? 0n
    }
    return [split[0] * multiplier, split[1] * multiplier, split[2] * multiplier, split[3] * multiplier]
  }
}

function registersOfDay(versions: readonly TariffHours[], date: LocalDate, slotMinutes: number): RegisterOfSlot | null {
  const version = hoursOn(versions, date)
  if (version === null) return null
  const hours = slotsOfTariff(version.calendar, date)
  if (hours.some(({ fromMinute }) => fromMinute % slotMinutes !== 0)) return null
  const registers = Array.from({ length: minutesOfDay / slotMinutes }, (_, slot) => {
    const name = valueAt(hours, slot * slotMinutes)
    return name === undefined ? -1 : version.registers.indexOf(name)
  })
  return registers.includes(-1) ? null : registers
}

/**
 * That the registers by time of use of a meter are not those that its own complete curve makes by the hours of the tariff; null where they
 * agree. It counts other hours, or its clock is off: its tables, which nobody has read, tell which.
 */
export function splitDoubt(
  counted: Energies,
  byCurve: TouSplit,
  { curveSplitPercent, curveSplitSlackE4 }: Pick<DeterminantPolicy, 'curveSplitPercent' | 'curveSplitSlackE4'>,
  multiplier: bigint,
): string | null {
  const [total, ...registers] = counted
  const slackE4 = curveSplitSlackE4 * multiplier
  const differing = registers.flatMap((register, place) => {
    const curve = byCurve[place as 0]
    const difference = register > curve ? register - curve : curve - register
    if (difference <= slackE4 || difference * 100n <= total * curveSplitPercent) return []
    return [`tou${place + 1} counted ${formatScaled(register, 4, 2)} kWh, its curve ${formatScaled(curve, 4, 2)}`]
  })
  return differing.length === 0 ? null : differing.join(', ')
}
