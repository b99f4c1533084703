import type { Calendar, Instant } from '../../domain/time.js'
import { dayNumber } from './calendar-days.js'

/** Local days of instants, as days since 1970-01-01. */
export type LocalDays = (instant: Instant) => number

/** A shard's accounts share a few borders of periods, so each is converted once. */
export function rememberDays(calendar: Pick<Calendar, 'dateAt'>): LocalDays {
  const days = new Map<Instant, number>()
  return (instant) => {
    const known = days.get(instant) ?? dayNumber(calendar.dateAt(instant))
    days.set(instant, known)
    return known
  }
}
