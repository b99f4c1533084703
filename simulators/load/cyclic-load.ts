import { present } from '../../domain/result.js'
import { beijing, dayMs, type Instant, secondMs } from '../../domain/time.js'
import { classLoads, type CustomerClass } from './customer-classes.js'
import { hashBelow } from './integer-hash.js'

/**
 * A load that repeats every four weeks, so that what was used up to any instant is known at once: a hundred thousand meters need
 * neither memory nor time for their past. All numbers are whole and below 2^53.
 */
export interface CyclicLoad {
  /** Weighted seconds from the begin of the cycles up to an instant: the share of a use is the share of these. */
  readonly weightUpTo: (instant: Instant) => number
  /** Weighted seconds of a day of 100 percent. */
  readonly dayWeight: number
}

export const cycleDays = 28
/** Loads of a class come in this many variants. */
const variants = 64
const secondsPerHour = 3600
/** A Sunday; cycles and weeks are counted from it. */
export const firstCycleDay = beijing.startOfDay('2000-01-02')

const loads = new Map<string, CyclicLoad>()

/** The load of a class in one of its variants; the same arguments give the same load. */
export function cyclicLoad(seed: number, customerClass: CustomerClass, meterNumber: number): CyclicLoad {
  const variant = hashBelow(variants, seed, meterNumber)
  const key = `${seed}:${customerClass}:${variant}`
  const known = loads.get(key)
  if (known !== undefined) return known
  const load = createCyclicLoad(seed, customerClass, variant)
  loads.set(key, load)
  return load
}

function createCyclicLoad(seed: number, customerClass: CustomerClass, variant: number): CyclicLoad {
  const { hourShape, weekdayPercent } = classLoads[customerClass]
  const hours = hourShape.map(Number)
  /** Weight from midnight to the begin of each hour. */
  const toHour = hours.map((_, hour) => hours.slice(0, hour).reduce((sum, weight) => sum + weight * secondsPerHour, 0))
  const shapeWeight = hours.reduce((sum, weight) => sum + weight * secondsPerHour, 0)
  const percents = Array.from({ length: cycleDays }, (_, day) =>
    Math.floor((Number(present(weekdayPercent[day % 7], 'weekday')) * (80 + hashBelow(41, seed, variant, day))) / 100),
  )
  const toDay = [0]
  for (const percent of percents) toDay.push(present(toDay.at(-1), 'day') + percent * shapeWeight)
  const cycleWeight = present(toDay.at(-1), 'cycle')
  return {
    dayWeight: 100 * shapeWeight,
    weightUpTo(instant) {
      const sinceStart = instant - firstCycleDay
      const days = Math.floor(sinceStart / dayMs)
      const cycle = Math.floor(days / cycleDays)
      const day = days - cycle * cycleDays
      const second = Math.floor((sinceStart - days * dayMs) / secondMs)
      const hour = Math.floor(second / secondsPerHour)
      const inDay = (toHour[hour] ?? 0) + (hours[hour] ?? 0) * (second - hour * secondsPerHour)
      return cycle * cycleWeight + (toDay[day] ?? 0) + (percents[day] ?? 0) * inDay
    },
  }
}
