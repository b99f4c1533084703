import { loadClasses, type LoadClass, touOfHour } from './load-classes.js'

/** Energy that a usage point drew in each tariff of the meter, kWh e4 after the multiplier: tou1…tou4. */
export type TouEnergies = readonly [bigint, bigint, bigint, bigint]

export const minutesPerDay = 1440
const minutesPerHour = 60
const hoursPerDay = 24
const monthDays = 30n

/** Energy drawn from the begin of the history up to a minute of it. */
export interface Load {
  readonly upTo: (minute: number) => TouEnergies
}

interface LoadSettings {
  readonly loadClass: LoadClass
  /** Energy of 30 days at 100 percent, kWh e4. */
  readonly monthlyE4: bigint
  /** Percent of the mean day, by day of the history. A negative one runs the registers backwards. */
  readonly levels: readonly number[]
}

interface Shape {
  /** Weight of a day of 100 percent in each tariff. */
  readonly ofDay: readonly [number, number, number, number]
  readonly total: number
  /** Weight from midnight to the begin of each hour, by tariff. */
  readonly toHour: readonly (readonly number[])[]
}

const shapes = new Map<LoadClass, Shape>()

/** All weights are whole numbers below 2^53; the share of the energy is the share of the weight. */
export function createLoad({ loadClass, monthlyE4, levels }: LoadSettings): Load {
  const { ofDay, total, toHour } = shapeOf(loadClass)
  const { hours } = loadClasses[loadClass]
  /** Percent days up to the begin of each day. */
  const toDay = [0]
  for (const level of levels) toDay.push((toDay.at(-1) ?? 0) + level)
  const divisor = monthDays * BigInt(total) * 100n
  const energy = (weight: number) => (monthlyE4 * BigInt(weight)) / divisor

  return {
    upTo(minute) {
      const day = Math.floor(minute / minutesPerDay)
      const before = toDay[day] ?? toDay.at(-1) ?? 0
      const inDay = minute - day * minutesPerDay
      if (inDay === 0)
        return [
          energy(before * ofDay[0]),
          energy(before * ofDay[1]),
          energy(before * ofDay[2]),
          energy(before * ofDay[3]),
        ]
      const hour = Math.floor(inDay / minutesPerHour)
      const level = levels[day] ?? 0
      const begun = (hours[hour] ?? 0) * (inDay - hour * minutesPerHour)
      const weight = (tou: 0 | 1 | 2 | 3) =>
        before * ofDay[tou] + level * ((toHour[tou]?.[hour] ?? 0) + (touOfHour[hour] === tou ? begun : 0))
      return [energy(weight(0)), energy(weight(1)), energy(weight(2)), energy(weight(3))]
    },
  }
}

function shapeOf(loadClass: LoadClass): Shape {
  const known = shapes.get(loadClass)
  if (known !== undefined) return known
  const { hours } = loadClasses[loadClass]
  const upToHour = (tou: number, end: number) =>
    hours
      .slice(0, end)
      .reduce((sum, weight, hour) => (touOfHour[hour] === tou ? sum + weight * minutesPerHour : sum), 0)
  const toHour = [0, 1, 2, 3].map((tou) => hours.map((_, hour) => upToHour(tou, hour)))
  const whole = (tou: number) => upToHour(tou, hoursPerDay)
  const ofDay = [whole(0), whole(1), whole(2), whole(3)] as const
  const shape = { ofDay, total: ofDay[0] + ofDay[1] + ofDay[2] + ofDay[3], toHour }
  shapes.set(loadClass, shape)
  return shape
}
