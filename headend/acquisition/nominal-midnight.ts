import { beijing, type Instant, minuteMs } from '../../domain/time.js'

/** Meters freeze within moments of midnight by their own clock; a stamp further off is no daily freeze. */
export const stampToleranceMs = 5 * minuteMs

/** The Beijing midnight that a freeze stamp stands for; null when it is near none. */
export function nominalMidnight(stamp: Instant): Instant | null {
  const nearest = beijing.startOfDayAt(stamp + stampToleranceMs)
  return Math.abs(stamp - nearest) <= stampToleranceMs ? nearest : null
}
