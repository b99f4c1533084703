import { beijing, dayMs, type Instant } from '../../domain/time.js'
import type { ClockHabit } from './description.js'

/** The meter's own idea of the time; values of both kinds are instants, of which only one is true. */
export interface MeterClock {
  /** What the meter shows at a true instant. */
  readonly shownAt: (instant: Instant) => Instant
  /** The first true instant at which the meter showed a time, to the millisecond. */
  readonly trueInstantOf: (shown: Instant) => Instant
  /** The meter is told the time. */
  readonly set: (at: Instant, shown: Instant) => void
  /** The battery has been empty since; to be told the time does not fill it. */
  readonly isBatteryEmptyAt: (instant: Instant) => boolean
}

const clockStart = beijing.startOfDay('2000-01-01')

/** A clock that was wrong by `offsetMs` at `since` and gains evenly; what it is told later replaces the offset, not the gain. */
export function createMeterClock(
  { offsetMs = 0, gainMsPerDay = 0, batteryLostAt }: ClockHabit,
  since: Instant,
): MeterClock {
  let setAt = since
  let offset = offsetMs
  let isLost = batteryLostAt !== undefined
  const offsetAt = (instant: Instant) => offset + Math.trunc(((instant - setAt) * gainMsPerDay) / dayMs)
  return {
    shownAt(instant) {
      if (isLost && batteryLostAt !== undefined && instant >= batteryLostAt)
        return clockStart + (instant - batteryLostAt)
      return instant + offsetAt(instant)
    },
    trueInstantOf(shown) {
      if (isLost && batteryLostAt !== undefined && shown < since) return batteryLostAt + (shown - clockStart)
      // The offset at the first guess is right but for milliseconds; the second is the last moment before or the first at which it showed that.
      const guess = shown - offsetAt(shown - offsetAt(shown - offset))
      return guess + offsetAt(guess) < shown ? guess + 1 : guess
    },
    set(at, shown) {
      if (batteryLostAt !== undefined && at >= batteryLostAt) isLost = false
      setAt = at
      offset = shown - at
    },
    isBatteryEmptyAt: (instant) => batteryLostAt !== undefined && instant >= batteryLostAt,
  }
}
