import type { TimeOfUseSlot } from '../../domain/bill.js'
import { datesIn, type LocalDate } from '../../domain/time.js'
import { type DaySlots, minutesOfDay, valueAt } from './day-slots.js'
import { type ReadTables, slotsOfMeter, type TablesGap } from './slots-of-meter.js'
import { slotsOfTariff } from './slots-of-tariff.js'
import { hoursOn, type TariffHours } from './tariff-hours.js'

/** Minutes of a day in which a meter counts a register of another slot than the tariff's. */
export interface SlotDifference {
  readonly date: LocalDate
  /** [fromMinute, toMinute) of the local day. */
  readonly fromMinute: number
  readonly toMinute: number
  /** Register that the meter counts. */
  readonly register: number
  /** What the tariff calls that register; null for one that it does not know. */
  readonly meterSlot: TimeOfUseSlot | null
  readonly tariffSlot: TimeOfUseSlot
}

/** Where a meter's day and a tariff's day say different slots. Two registers that count one slot are no difference. */
export function compareDay(
  date: LocalDate,
  meter: DaySlots<number>,
  tariff: DaySlots<TimeOfUseSlot>,
  registers: TariffHours['registers'],
): readonly SlotDifference[] {
  const borders = [...new Set([...meter, ...tariff].map(({ fromMinute }) => fromMinute))].sort((a, b) => a - b)
  return borders.flatMap((fromMinute, index) => {
    const register = valueAt(meter, fromMinute)
    const tariffSlot = valueAt(tariff, fromMinute)
    if (register === undefined || tariffSlot === undefined) return []
    const meterSlot = registers[register - 1] ?? null
    if (meterSlot === tariffSlot) return []
    return [{ date, fromMinute, toMinute: borders[index + 1] ?? minutesOfDay, register, meterSlot, tariffSlot }]
  })
}

/** A day that cannot be compared. */
export interface IncomparableDay {
  readonly date: LocalDate
  readonly reason: TablesGap['kind'] | 'tariff_without_hours'
  /** The item that the meter does not tell. */
  readonly item: string | null
}

export interface Comparison {
  readonly differences: readonly SlotDifference[]
  readonly incomparable: readonly IncomparableDay[]
}

/** A meter, as one read found it, against the versions of a tariff over the local days [from, to). */
export function compareSlots(
  read: ReadTables,
  versions: readonly TariffHours[],
  from: LocalDate,
  to: LocalDate,
): Comparison {
  const differences: SlotDifference[] = []
  const incomparable: IncomparableDay[] = []
  for (const date of datesIn(from, to)) {
    const version = hoursOn(versions, date)
    const meter = slotsOfMeter(read, date)
    if (version === null) incomparable.push({ date, reason: 'tariff_without_hours', item: null })
    else if (!meter.ok) incomparable.push({ date, reason: meter.error.kind, item: meter.error.item })
    else differences.push(...compareDay(date, meter.value, slotsOfTariff(version.calendar, date), version.registers))
  }
  return { differences, incomparable }
}
