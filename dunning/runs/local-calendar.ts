import { present } from '../../domain/result.js'
import { type Calendar, calendarOf } from '../../domain/time.js'

/** The calendar of an organisation's zone; the registry admits only zones that the product knows. */
export function localCalendar(timeZone: string): Calendar {
  return present(calendarOf(timeZone), `calendar of ${timeZone}`)
}
