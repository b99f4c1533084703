import { dayMs, type Instant } from '../../domain/time.js'

/** How far back a change of master data that became known late still makes due points. */
export const lateChangeMs = 60 * dayMs

/**
 * What was told after this is taken for late at a midnight. One day has passed since the midnight before; one more, because a long import
 * may have been under way, with its recorded time given and nothing committed, while that midnight was laid down.
 */
export function toldAfter(midnight: Instant): Instant {
  return midnight - 2 * dayMs
}
