import type { ReadingSource } from '../../domain/reading.js'
import { dayMs, type Instant } from '../../domain/time.js'

/** A freeze that reaches us within a day of its midnight came as planned; a later one was fetched from the meter's memory. */
export function freezeSource(readAt: Instant, receivedAt: Instant): ReadingSource {
  return receivedAt < readAt + dayMs ? 'scheduled' : 'backfill'
}
