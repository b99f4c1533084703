import { divide, one, type Rational } from '../../domain/rational.js'
import type { Calendar, Instant } from '../../domain/time.js'
import { daysOf } from './months.js'
import type { Span } from './usage/local-time.js'
import { shareOf } from './usage/parcels.js'

/** Share that a part has of a whole: by its local days where all borders are midnights, otherwise by elapsed time. */
export function shareByDays(calendar: Calendar, part: Span, whole: Span): Rational {
  if (part.from === whole.from && part.to === whole.to) return one
  const isMidnight = (instant: Instant) => calendar.startOfDayAt(instant) === instant
  if (![part.from, part.to, whole.from, whole.to].every(isMidnight)) return shareOf(part, whole)
  const days = ({ from, to }: Span) => daysOf({ from: calendar.dateAt(from), to: calendar.dateAt(to) })
  return divide(days(part), days(whole))
}
