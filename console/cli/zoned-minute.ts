import { type Calendar, type Instant, localMinute, minuteMs } from '../../domain/time.js'

const minutesOfHour = 60

/** A local minute with its zone, `2026-07-05 00:00 +08:00`: for head lines, whose zone the table below them shares. `parseInstant` takes it. */
export function zonedMinute(calendar: Calendar, instant: Instant): string {
  const date = calendar.dateAt(instant)
  const wallMinutes = Date.parse(`${date}T00:00:00Z`) / minuteMs + calendar.minuteOfDay(instant)
  const offset = wallMinutes - Math.floor(instant / minuteMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const size = Math.abs(offset)
  return `${localMinute(calendar, instant)} ${offset < 0 ? '-' : '+'}${two(Math.floor(size / minutesOfHour))}:${two(size % minutesOfHour)}`
}
