import { type Calendar, type Instant, minuteMs, secondMs } from '../../domain/time.js'

/** As `Date.toISOString` writes them; what the file itself says has no thousandths, and stays as it is. */
const instant = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g

/** A message with its instants as the clocks of the usage's zone show them, with their offset: `2026-07-01T00:00+08:00`. */
export function localMessage(message: string, calendar: Calendar): string {
  return message.replaceAll(instant, (text) => localText(calendar, Date.parse(text)))
}

function localText(calendar: Calendar, at: Instant): string {
  const wall = Date.parse(`${calendar.dateAt(at)}T00:00:00Z`) + calendar.minuteOfDay(at) * minuteMs
  const offset = (wall - Math.floor(at / minuteMs) * minuteMs) / minuteMs
  const seconds = Math.floor(at / secondMs) % 60
  const shown = new Date(wall + seconds * secondMs).toISOString().slice(0, seconds === 0 ? 16 : 19)
  const two = (value: number) => String(value).padStart(2, '0')
  const size = Math.abs(offset)
  return `${shown}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}
