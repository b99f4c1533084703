import { addDays, beijing, type LocalDate } from '../../domain/time.js'
import type { SeenTables } from './beliefs.js'
import type { ReadTables } from './slots-of-meter.js'

/** The read that tells most of a day: the last one that began before the day ended, otherwise the first there is. */
export function readForDay(seen: readonly SeenTables[], date: LocalDate): ReadTables | null {
  const [start, end] = [beijing.startOfDay(date), beijing.startOfDay(addDays(date, 1))]
  const found = seen.findLast(({ firstSeenAt }) => firstSeenAt < end) ?? seen[0]
  if (found === undefined) return null
  const { tables, use, firstSeenAt, lastSeenAt } = found
  // Between two reads that say the same, what was planned for a moment between them did not happen.
  const isSteady = firstSeenAt <= start && end <= lastSeenAt
  return { tables, use: isSteady ? { ...use, zoneSwitchAt: null, daySwitchAt: null } : use, readAt: lastSeenAt }
}
