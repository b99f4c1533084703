/** A day cut into stretches: each value holds from its minute to the next one's. In order of time; the first begins at 0. */
export interface DaySlot<V> {
  readonly fromMinute: number
  readonly value: V
}
export type DaySlots<V> = readonly DaySlot<V>[]

export const minutesOfDay = 1440

/** One slot where neighbours have the same value. */
export function joinSlots<V>(slots: DaySlots<V>): DaySlots<V> {
  return slots.filter(({ value }, index) => index === 0 || slots[index - 1]?.value !== value)
}

/** The slots of [from, to), minutes; the first one begins at `from`. */
export function slotsWithin<V>(slots: DaySlots<V>, from: number, to: number): DaySlots<V> {
  const first = slots.findLast(({ fromMinute }) => fromMinute <= from)
  const later = slots.filter(({ fromMinute }) => fromMinute > from && fromMinute < to)
  return first === undefined ? later : [{ fromMinute: from, value: first.value }, ...later]
}

export function valueAt<V>(slots: DaySlots<V>, minute: number): V | undefined {
  return slots.findLast(({ fromMinute }) => fromMinute <= minute)?.value
}

/** `8:00` as `08:00`; the end of a day is `24:00`. */
export function minuteText(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}
