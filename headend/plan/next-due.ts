import { InvariantError, unreachable } from '../../domain/result.js'
import { addDays, type Calendar, type Instant, type LocalDate, minuteMs } from '../../domain/time.js'
import type { Every } from './plan-document.js'

/** Days with a due instant among which the next and the last one are looked for: a whole month on either side. */
const reachDays = 62

/** First due instant after `after`, itself excluded. */
export function nextDue(every: Every, calendar: Calendar, after: Instant): Instant {
  const today = calendar.dateAt(after)
  for (let day = 0; day <= reachDays; day += 1) {
    const due = duesOfDay(every, calendar, addDays(today, day)).find((instant) => instant > after)
    if (due !== undefined) return due
  }
  throw new InvariantError('every schedule has a due instant within two months')
}

/** Last due instant at or before `at`. */
export function latestDue(every: Every, calendar: Calendar, at: Instant): Instant {
  const today = calendar.dateAt(at)
  for (let day = 0; day <= reachDays; day += 1) {
    const due = duesOfDay(every, calendar, addDays(today, -day)).findLast((instant) => instant <= at)
    if (due !== undefined) return due
  }
  throw new InvariantError('every schedule has a due instant within two months')
}

/** Due instants of one local day, ascending. */
function duesOfDay(every: Every, calendar: Calendar, date: LocalDate): readonly Instant[] {
  const midnight = calendar.startOfDay(date)
  switch (every.unit) {
    case 'day':
    case 'reading_day':
      return [midnight]
    case 'month':
      return isDayOfMonth(date, every.onDay) ? [midnight] : []
    case 'minutes': {
      // Slots are elapsed time from local midnight, so a day on which the clocks change has more or fewer of them.
      const slotMs = every.minutes * minuteMs
      const slots = Math.ceil((calendar.startOfDay(addDays(date, 1)) - midnight) / slotMs)
      return Array.from({ length: slots }, (_, slot) => midnight + slot * slotMs)
    }
    default:
      return unreachable(every)
  }
}

/** A month that is too short is due on its last day. */
function isDayOfMonth(date: LocalDate, onDay: number): boolean {
  const day = Number(date.slice(8))
  const isLastOfMonth = addDays(date, 1).slice(8) === '01'
  return day === onDay || (isLastOfMonth && day < onDay)
}
