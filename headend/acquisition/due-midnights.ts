import { type Calendar, addDays, daysBetween, type Instant } from '../../domain/time.js'

/** Most midnights that are made up for after a standstill: no meter's freeze memory is longer. */
export const catchUpDays = 62

export interface DueMidnights {
  /** Oldest first. */
  readonly midnights: readonly Instant[]
  /** Missed so long ago that no window makes up for them, oldest first: somebody has to be told. */
  readonly dropped: readonly Instant[]
}

/**
 * Midnights for which due points are to be laid down, ending with `midnight`: all since the last ones laid down, so that nights on which
 * no head-end ran are back-filled. The very first window begins with its own midnight.
 */
export function dueMidnights(lastLaid: Instant | null, midnight: Instant, calendar: Calendar): DueMidnights {
  if (lastLaid !== null && lastLaid > midnight) return { midnights: [], dropped: [] }
  const today = calendar.dateAt(midnight)
  const missed = lastLaid === null ? 0 : Math.max(0, daysBetween(calendar.dateAt(lastLaid), today) - 1)
  const all = Array.from({ length: missed + 1 }, (_, index) => calendar.startOfDay(addDays(today, index - missed)))
  const reached = Math.max(0, all.length - catchUpDays - 1)
  return { midnights: all.slice(reached), dropped: all.slice(0, reached) }
}
