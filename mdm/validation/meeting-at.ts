import { liveToleranceMs } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'

/**
 * The instant at which a key meets those of its neighbours: its own, or for a live read within the tolerance the midnight that it stands
 * for. Meters that are read live and such that keep freezes hang in one area and can change places like any others.
 */
export function meetingAt({
  readAt,
  dueAt,
}: {
  readonly readAt: Instant
  /** The due point of a live read, null for all others. */
  readonly dueAt: Instant | null
}): Instant {
  return dueAt !== null && readAt - dueAt <= liveToleranceMs ? dueAt : readAt
}
