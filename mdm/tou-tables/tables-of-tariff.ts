import { err, ok, type Result } from '../../domain/result.js'
import { type SlotCalendar, weekdays } from '../../domain/slot-calendar.js'
import { type TouDaySlot, type TouHoliday, touRoom, type TouZone } from '../../domain/tou-tables.js'
import type { TariffHours } from './tariff-hours.js'

/** One set of tables as a tariff asks for it, with the holidays and rest days that hold for both sets of a meter. */
export interface WantedTables {
  readonly zones: readonly TouZone[]
  /** Day table 1 first. */
  readonly dayTables: readonly (readonly TouDaySlot[])[]
  readonly holidays: readonly TouHoliday[]
  readonly rest: { readonly weekdays: readonly number[]; readonly dayTable: number } | null
}

/** Why no meter can hold the hours of a version. */
export interface HoursRefused {
  readonly kind:
    | 'too_many_zones'
    | 'too_many_day_tables'
    | 'too_many_day_slots'
    | 'too_many_holidays'
    /** A meter has one day table for rest days, whatever the season. */
    | 'rest_days_by_season'
  readonly found: number
  readonly room: number
}

/** The tables with which a meter counts exactly the hours of a version, if any meter can. */
export function tablesOfTariff({
  calendar,
  registers,
}: Pick<TariffHours, 'calendar' | 'registers'>): Result<WantedTables, HoursRefused> {
  const names = namesInUse(calendar)
  const numberOf = (name: string) => names.indexOf(name) + 1
  const dayTables = names.map((name) =>
    (calendar.days[name] ?? []).map(({ from, slot }) => ({
      fromMinute: Number(from.slice(0, 2)) * 60 + Number(from.slice(3)),
      tariff: registers.indexOf(slot) + 1,
    })),
  )
  const zones = calendar.seasons
    .map(({ from, day }) => ({ from, dayTable: numberOf(day) }))
    .toSorted((left, right) => (left.from < right.from ? -1 : 1))
  const holidays = (calendar.holidays ?? [])
    .map(({ date, day }) => ({ date, dayTable: numberOf(day) }))
    .toSorted((left, right) => (left.date < right.date ? -1 : 1))
  const restDays = new Set(calendar.seasons.map(({ day, restDay }) => (restDay === undefined ? day : restDay)))
  const hasRest = calendar.restWeekdays !== undefined
  if (hasRest && restDays.size > 1) return hoursRefused('rest_days_by_season', restDays.size, 1)
  const slots = Math.max(...dayTables.map(({ length }) => length))
  if (zones.length > touRoom.zones) return hoursRefused('too_many_zones', zones.length, touRoom.zones)
  if (names.length > touRoom.dayTables) return hoursRefused('too_many_day_tables', names.length, touRoom.dayTables)
  if (slots > touRoom.daySlots) return hoursRefused('too_many_day_slots', slots, touRoom.daySlots)
  if (holidays.length > touRoom.holidays) return hoursRefused('too_many_holidays', holidays.length, touRoom.holidays)
  return ok({ zones, dayTables, holidays, rest: restOf(calendar, numberOf) })
}

/** Days that some date has, in the order of their names. */
function namesInUse({ seasons, holidays = [] }: SlotCalendar): readonly string[] {
  const used = [...seasons.flatMap(({ day, restDay = day }) => [day, restDay]), ...holidays.map(({ day }) => day)]
  return [...new Set(used)].sort()
}

function restOf({ restWeekdays, seasons }: SlotCalendar, numberOf: (name: string) => number): WantedTables['rest'] {
  const [first] = seasons
  if (restWeekdays === undefined || first === undefined) return null
  const numbers = restWeekdays.map((weekday) => weekdays.indexOf(weekday)).sort((left, right) => left - right)
  return { weekdays: numbers, dayTable: numberOf(first.restDay ?? first.day) }
}

function hoursRefused(kind: HoursRefused['kind'], found: number, room: number) {
  return err<HoursRefused>({ kind, found, room })
}
