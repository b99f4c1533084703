import { present } from '../../domain/result.js'
import type { Random } from '../../domain/runtime.js'
import { daysBetween, type LocalDate, minuteMs } from '../../domain/time.js'
import { classLoads, type CustomerClass } from './customer-classes.js'
import { mixed } from './integer-hash.js'

export const slotMs = 15 * minuteMs
export const slotsPerDay = 96
const slotsPerHour = 4
const meanMonthDays = 31n
/** A Sunday; weekdays are counted from it. */
const someSunday = '2026-01-04'

/** One usage point's demand for energy, as the meter counts it (behind the instrument transformers). */
export interface Load {
  /** Key of the noise: two points of one class never move together. */
  readonly usagePoint: string
  readonly customerClass: CustomerClass
  /** Mean use in 31 days, kWh e4. */
  readonly monthlyE4: bigint
}

/** Energy of each of the day's 96 slots, kWh e4: shape of the hour × level of the day × noise of the slot. */
export function slotEnergiesE4(random: Random, load: Load, date: LocalDate): readonly bigint[] {
  const { hourShape, weekdayPercent } = classLoads[load.customerClass]
  const noise = random.below(2 ** 32, 'load', load.usagePoint, date)
  const percent = present(weekdayPercent[weekdayOf(date)], 'weekday') * dayPercent(random, load, date)
  const shapeSum = hourShape.reduce((sum, weight) => sum + weight, 0n)
  const divisor = meanMonthDays * shapeSum * BigInt(slotsPerHour) * 100n ** 3n
  return Array.from({ length: slotsPerDay }, (_, slot) => {
    const shape = present(hourShape[Math.floor(slot / slotsPerHour)], 'hour of the day')
    return (load.monthlyE4 * percent * shape * slotPercent(noise, slot)) / divisor
  })
}

/** The weather of a day is shared by all; each point adds a mood of its own. */
function dayPercent(random: Random, { usagePoint }: Load, date: LocalDate): bigint {
  return BigInt(80 + random.below(21, 'weather', date) + random.below(21, 'day', usagePoint, date))
}

/** 60 to 140 percent. One hash per day is stretched over its slots, because one per slot would cost seconds. */
function slotPercent(noise: number, slot: number): bigint {
  return BigInt(60 + (mixed(noise ^ Math.imul(slot + 1, 0x9e3779b1)) % 81))
}

/** 0 Sunday … 6 Saturday. */
function weekdayOf(date: LocalDate): number {
  return ((daysBetween(someSunday, date) % 7) + 7) % 7
}
