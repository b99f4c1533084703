import type { Forecast } from '../day-series.js'
import type { DayType } from '../day-type.js'
import { slowFading, weightedMean } from '../weighted-mean.js'

/** A type that was seen less often than this says nothing. */
const leastSeen = 3

/** Each day as the point's own days of that type: working day, weekend, holiday. A holiday that was hardly ever seen is a weekend. */
export const sameDayType: Forecast = ({ steadyE4, dayTypes }, from, ahead) => {
  const seen = (type: DayType) => {
    let count = 0
    for (let day = 0; day < from; day += 1) if (dayTypes[day] === type && steadyE4[day] !== null) count += 1
    return count
  }
  const usual = new Map<DayType, bigint | null>()
  const usualOf = (type: DayType): bigint | null => {
    const given = usual.get(type)
    if (given !== undefined) return given
    const mean =
      seen(type) < leastSeen ? null : weightedMean(steadyE4, from, slowFading, (day) => dayTypes[day] === type)
    const found = mean === null && type === 'holiday' ? usualOf('weekend') : mean
    usual.set(type, found)
    return found
  }
  let sum = 0n
  for (const type of dayTypes.slice(from, from + ahead)) {
    const daily = usualOf(type)
    if (daily === null) return null
    sum += daily
  }
  return sum
}
