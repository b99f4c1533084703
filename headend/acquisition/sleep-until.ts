import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'

/** Resolves at the instant, at once when it has passed. */
export async function sleepUntil(clock: Clock, instant: Instant): Promise<void> {
  const delayMs = instant - clock.now()
  if (delayMs > 0) await clock.sleep(delayMs)
}
