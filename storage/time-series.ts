import { dayMs, type Instant } from '../domain/time.js'
import type { Queryable } from './database.js'
import { toTimestamptz } from './type-parsers.js'

/** Stamps older than this are quarantined before insert: a meter with a lost clock would fill years of partitions. */
export const oldestStampMs = 400 * dayMs
/** How far back ordinary work reaches; the partition of an older stamp is made when one comes. */
const workingPastMs = 62 * dayMs
/** How far ahead partitions are made. */
const partitionsAheadMs = 8 * 7 * dayMs

/**
 * Makes the 7-day partitions (from Thursday 00:00 UTC) that cover [from, to); TimescaleDB makes its own. There is no default
 * partition: a stamp outside is an error of the code that let it through.
 * @returns number of partitions that are new.
 */
export async function ensureTimePartitions(queryable: Queryable, from: Instant, to: Instant): Promise<number> {
  const [row] = await queryable.query<{ readonly made: number }>('select ensure_time_partitions($1, $2) as made', [
    toTimestamptz(from),
    toTimestamptz(to),
  ])
  return row?.made ?? 0
}

/** Makes the partitions that ordinary work around `now` needs, well ahead, so that no insert ever waits for one. */
export async function ensureWorkingPartitions(queryable: Queryable, now: Instant): Promise<number> {
  return ensureTimePartitions(queryable, now - workingPastMs, now + partitionsAheadMs)
}

/** Whether a stamp is older than the working partitions. */
export function needsOldPartition(stamp: Instant, now: Instant): boolean {
  return stamp < now - workingPastMs
}
