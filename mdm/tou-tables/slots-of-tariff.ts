import type { TimeOfUseSlot } from '../../domain/bill.js'
import { present } from '../../domain/result.js'
import { type SlotCalendar, weekdays } from '../../domain/slot-calendar.js'
import { type LocalDate, weekdayOf } from '../../domain/time.js'
import { type DaySlots, joinSlots } from './day-slots.js'

/** Which slot of a tariff each minute of a local day belongs to. */
export function slotsOfTariff(calendar: SlotCalendar, date: LocalDate): DaySlots<TimeOfUseSlot> {
  const name = dayOf(calendar, date)
  const changes = present(calendar.days[name], `the day ${name} of a calendar`)
  return joinSlots(changes.map(({ from, slot }) => ({ fromMinute: minuteOf(from), value: slot })))
}

/** The kind of day: a holiday's, that of a rest day of the season, or the season's. */
function dayOf({ holidays = [], seasons, restWeekdays = [] }: SlotCalendar, date: LocalDate): string {
  const holiday = holidays.find((each) => each.date === date)
  if (holiday !== undefined) return holiday.day
  const sorted = seasons.toSorted((left, right) => (left.from < right.from ? -1 : 1))
  const monthDay = date.slice(5)
  const season = present(sorted.findLast(({ from }) => from <= monthDay) ?? sorted.at(-1), 'a season')
  const rests = restWeekdays.some((weekday) => weekdays.indexOf(weekday) === weekdayOf(date))
  return (rests ? season.restDay : undefined) ?? season.day
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}
