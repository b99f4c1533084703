import type { Calendar, Instant } from '../../domain/time.js'

/** An instant as a usage says it: a local midnight by its day, any other in UTC. */
export function instantText(calendar: Calendar, instant: Instant): string {
  const date = calendar.dateAt(instant)
  return calendar.startOfDay(date) === instant ? date : `${new Date(instant).toISOString().slice(0, 19)}Z`
}
