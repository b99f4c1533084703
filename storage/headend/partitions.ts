import { dayMs, type Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

const partitionsBehindDays = 62
const partitionsAheadDays = 56

/** Makes the partitions of every time series that cover [from, to); nothing to do where TimescaleDB makes its own. */
export async function ensureTimePartitions(queryable: Queryable, from: Instant, to: Instant): Promise<void> {
  await queryable.query('select ensure_time_partitions($1, $2)', [toTimestamptz(from), toTimestamptz(to)])
}

/** Makes the partitions that ordinary work around `now` needs, well ahead, so that no insert ever waits for one. */
export async function ensureWorkingPartitions(queryable: Queryable, now: Instant): Promise<void> {
  await ensureTimePartitions(queryable, now - partitionsBehindDays * dayMs, now + partitionsAheadDays * dayMs)
}

/** Whether a stamp is older than the working partitions. */
export function needsOldPartition(stamp: Instant, now: Instant): boolean {
  return stamp < now - partitionsBehindDays * dayMs
}
