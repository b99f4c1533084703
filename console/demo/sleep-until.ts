import { invariant } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'

/** Lets virtual time run to an instant that has not passed yet. */
export async function sleepUntil(clock: Clock, instant: Instant): Promise<void> {
  const left = instant - clock.now()
  invariant(left >= 0, 'the story only goes forward')
  if (left > 0) await clock.sleep(left)
}
