import { type Calendar, addDays, daysBetween, type Instant } from '../../domain/time.js'

/** Most midnights that are made up for after a standstill: no meter's freeze memory is longer. */
export const catchUpDays = 62

/**
 * Midnights for which due points are to be laid down, oldest first, ending with `midnight`: all since the last ones laid down,
 * so that nights on which no head-end ran are back-filled. The very first window begins with its own midnight.
 */
export function dueMidnights(lastLaid: Instant | null, midnight: Instant, calendar: Calendar): readonly Instant[] {
  if (lastLaid !== null && lastLaid > midnight) return []
  const today = calendar.dateAt(midnight)
  const missed = lastLaid === null ? 0 : daysBetween(calendar.dateAt(lastLaid), today) - 1
  const days = Math.min(Math.max(missed, 0), catchUpDays)
  return Array.from({ length: days + 1 }, (_, index) => calendar.startOfDay(addDays(today, index - days)))
}
