import { addDays, beijing, type Instant, minuteMs } from '../../domain/time.js'

/** Meters freeze within moments of midnight by their own clock; a stamp further off is no daily freeze. */
export const stampToleranceMs = 5 * minuteMs

/** The Beijing midnight that a freeze stamp stands for; null when it is near none. */
export function nominalMidnight(stamp: Instant): Instant | null {
  const before = beijing.startOfDay(beijing.dateAt(stamp))
  if (stamp - before <= stampToleranceMs) return before
  const after = beijing.startOfDay(addDays(beijing.dateAt(stamp), 1))
  return after - stamp <= stampToleranceMs ? after : null
}
