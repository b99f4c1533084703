import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'

/** A clock that runs like another one but shows a different time: `startAt` at this moment. */
export function createShiftedClock(clock: Clock, startAt: Instant): Clock {
  const shift = startAt - clock.now()
  return { ...clock, now: () => clock.now() + shift }
}
