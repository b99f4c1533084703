import type { MeterId } from '../../../domain/reading.js'
import type { Instant } from '../../../domain/time.js'
import type { MeterLimits } from '../policy.js'

/** A due point and how many claims serve it: under its own key, or live within the tolerance. */
export interface DuePoint {
  readonly meterId: MeterId
  readonly readAt: Instant
  readonly claimCount: number
}

/** A missing read is an exception with a name, never silently zero (billing-rules 2.3). It speaks once the window is over. */
export function noRead(due: DuePoint, now: Instant, policy: MeterLimits): boolean {
  return due.claimCount === 0 && now >= due.readAt + policy.missingAfterMs
}
