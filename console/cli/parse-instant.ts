import { UserError } from '../../domain/errors.js'
import { beijing, type Calendar, hourMs, type Instant, isLocalDate, minuteMs, secondMs } from '../../domain/time.js'

const local = /^(\d{4}-\d{2}-\d{2})(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?)?$/
const withOffset = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?) ?(Z|[+-]\d{2}:\d{2})$/

/**
 * An instant as people write one: ISO 8601 with an offset (blanks for the T and before the offset, as screens show it), or local time in Beijing, `YYYY-MM-DD` (its midnight) or `YYYY-MM-DD hh:mm`.
 * @throws UserError bad_input
 */
export function parseInstant(text: string): Instant {
  return parseLocalInstant(text, beijing)
}

/** The same with the local time of another calendar. @throws UserError bad_input */
export function parseLocalInstant(text: string, calendar: Calendar): Instant {
  const [, date, hours = '0', minutes = '0', seconds = '0'] = local.exec(text) ?? []
  if (date !== undefined && isLocalDate(date))
    return calendar.startOfDay(date) + Number(hours) * hourMs + Number(minutes) * minuteMs + Number(seconds) * secondMs
  const [, day, time, zone] = withOffset.exec(text) ?? []
  const instant = day === undefined ? Number.NaN : Date.parse(`${day}T${time ?? ''}${zone ?? ''}`)
  if (Number.isNaN(instant))
    throw new UserError(
      'bad_input',
      `${text}: 应为时刻 expected an instant such as 2026-07-03T08:00+08:00 or "2026-07-03 08:00" (local)`,
    )
  return instant
}
