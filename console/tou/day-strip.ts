import type { TimeOfUseSlot } from '../../domain/bill.js'
import { type DaySlots, minutesOfDay, minuteText, valueAt } from '../../mdm/tou-tables/day-slots.js'
import type { TariffHours } from '../../mdm/tou-tables/tariff-hours.js'

/** Half an hour a character: a day fits a terminal. */
const minutesPerMark = 30
const marks = Array.from({ length: minutesOfDay / minutesPerMark }, (_, index) => index * minutesPerMark)
const unknownMark = '?'

export const slotWords: Readonly<Record<TimeOfUseSlot, string>> = {
  sharp: '尖 sharp',
  peak: '峰 peak',
  flat: '平 flat',
  valley: '谷 valley',
}

export interface StripDay {
  /** Registers; null where the meter does not tell. */
  readonly meter: DaySlots<number> | null
  readonly tariff: DaySlots<TimeOfUseSlot> | null
  readonly registers: TariffHours['registers']
}

/** A day as a strip of registers, the meter's above the tariff's. A difference within half an hour marks all of it. */
export function dayStrip({ meter, tariff, registers }: StripDay): readonly string[] {
  const hours = Array.from({ length: 8 }, (_, index) => String(index * 3).padEnd(6)).join('')
  const slotOf = (register: number | undefined) => (register === undefined ? null : (registers[register - 1] ?? null))
  const wanted = tariff?.map(({ fromMinute, value }) => ({ fromMinute, value: registers.indexOf(value) + 1 }))
  const differs = (minute: number) => {
    if (meter === null || tariff === null) return false
    const borders = [...meter, ...tariff].map(({ fromMinute }) => fromMinute)
    const inside = borders.filter((border) => border > minute && border < minute + minutesPerMark)
    return [minute, ...inside].some((each) => slotOf(valueAt(meter, each)) !== valueAt(tariff, each))
  }
  const line = (slots: DaySlots<number> | null | undefined) =>
    marks
      .map((minute) =>
        String(slots === null || slots === undefined ? unknownMark : (valueAt(slots, minute) ?? unknownMark)),
      )
      .join('')
  const differing = marks
    .map((minute) => (differs(minute) ? '^' : ' '))
    .join('')
    .trimEnd()
  return [
    `时 hour    ${hours.trimEnd()}`,
    `表 meter   ${line(meter)}`,
    ...(tariff === null ? [] : [`价 tariff  ${line(wanted)}`]),
    ...(differing === '' ? [] : [`异 differs ${differing}`]),
  ]
}

/** The slots of a meter's day, one a line. */
export function slotLines(meter: DaySlots<number>, registers: TariffHours['registers']): readonly string[] {
  return meter.map(({ fromMinute, value }, index) => {
    const slot = registers[value - 1] ?? null
    const to = minuteText(meter[index + 1]?.fromMinute ?? minutesOfDay)
    return `  ${minuteText(fromMinute)}–${to}  tou${value}${slot === null ? '' : `  ${slotWords[slot]}`}`
  })
}
