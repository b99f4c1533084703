import { type Calendar, addDays, type Instant, minuteMs } from '../../domain/time.js'
import type { DunningPolicy } from './policy.js'
import { minuteOf } from './time-of-day.js'

/** The first instant at or after `at` at which a notice may leave. */
export function earliestSend({ sendingHours }: DunningPolicy, calendar: Calendar, at: Instant): Instant {
  const minute = calendar.minuteOfDay(at)
  const opens = minuteOf(sendingHours.from)
  if (minute >= opens && minute < minuteOf(sendingHours.to)) return at
  const today = calendar.dateAt(at)
  return calendar.startOfDay(minute < opens ? today : addDays(today, 1)) + opens * minuteMs
}
