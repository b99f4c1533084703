import type { LocalDate } from '../../../domain/time.js'
import type { SlotWhen } from './slot-schema.js'

export const minutesOfDay = 1440

/** Whether a slot's months, days of the year and types of day include a day. */
export function fallsOn({ months, dates, days }: SlotWhen, date: LocalDate, dayTypes: readonly string[]): boolean {
  const dayOfYear = date.slice(5)
  return (
    (months?.includes(Number(date.slice(5, 7))) ?? true) &&
    (dates === undefined || isBetween(dates.from, dates.to, dayOfYear)) &&
    (days?.some((type) => dayTypes.includes(type)) ?? true)
  )
}

/** Whether a day of the year MM-DD lies in [from, to), over the year end where `to` is earlier. */
export function isBetween(from: string, to: string, day: string): boolean {
  return from < to ? from <= day && day < to : day >= from || day < to
}

/** Minutes [from, to) of the day; a window over midnight is two of them. */
export function windowsOf({ windows }: SlotWhen): readonly (readonly [number, number])[] {
  if (windows === undefined) return [[0, minutesOfDay]]
  return windows.flatMap(({ from, to }): readonly (readonly [number, number])[] => {
    const [first, last] = [minuteOf(from), minuteOf(to)]
    return first < last
      ? [[first, last]]
      : [
          [0, last],
          [first, minutesOfDay],
        ]
  })
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}
