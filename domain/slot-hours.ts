import { type Weekday, weekdays } from './slot-calendar.js'
import { type LocalDate, weekdayOf } from './time.js'

export const minutesOfDay = 1440

/** When a slot holds: all that is said must hold; what is not said does not matter. */
export interface SlotWhen {
  readonly months?: readonly number[] | undefined
  /** Days of the year MM-DD [from, to), over the year end where `to` is earlier. */
  readonly dates?: { readonly from: string; readonly to: string } | undefined
  /** Types of day. */
  readonly days?: readonly string[] | undefined
  /** Times of day HH:MM [from, to) of that same day. */
  readonly windows?: readonly { readonly from: string; readonly to: string }[] | undefined
}

/** Named slots by the clock on the wall. */
export interface SlotHours {
  readonly weekend: readonly Weekday[]
  readonly slots: readonly {
    readonly name: string
    /** Any of these. */
    readonly when?: readonly SlotWhen[] | undefined
    /** All time that no other slot takes. */
    readonly otherwise?: true | undefined
  }[]
}

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

/** The names under which a day can be asked for. */
export function dayTypesOf(
  hours: Pick<SlotHours, 'weekend'>,
  special: ReadonlyMap<LocalDate, string>,
  date: LocalDate,
): readonly string[] {
  const own = special.get(date)
  return own === undefined ? weekdayTypes(hours, weekdays[weekdayOf(date)] ?? 'sunday') : specialDayTypes(hours, own)
}

/** The same of a special day: as a day of the week (a holiday as a Sunday) those of that day, else its own type alone. */
export function specialDayTypes(hours: Pick<SlotHours, 'weekend'>, as: string): readonly string[] {
  const weekday = weekdays.find((name) => name === as)
  return weekday === undefined ? [as] : weekdayTypes(hours, weekday)
}

/** The same of an ordinary day of the week. */
export function weekdayTypes({ weekend }: Pick<SlotHours, 'weekend'>, weekday: Weekday): readonly string[] {
  return [weekday, weekend.includes(weekday) ? 'weekend' : 'weekday']
}

/** Slot of each minute of a day by the clock on the wall; null for none. The first slot that asks for a minute has it: a check at load sees to it that it is the only one. */
export function minutesBySlot(
  set: SlotHours,
  date: LocalDate,
  dayTypes: readonly string[],
): readonly (string | null)[] {
  const rest = set.slots.find(({ otherwise }) => otherwise === true)?.name ?? null
  const minutes = Array.from({ length: minutesOfDay }, (): string | null => rest)
  for (const { name, when = [] } of set.slots) {
    for (const [from, to] of when.filter((one) => fallsOn(one, date, dayTypes)).flatMap(windowsOf))
      minutes.fill(name, from, to)
  }
  return minutes
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}
