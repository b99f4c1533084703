import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Makes the partitions of every time series that cover [from, to); nothing to do where TimescaleDB makes its own. */
export async function ensureTimePartitions(queryable: Queryable, from: Instant, to: Instant): Promise<void> {
  await queryable.query('select ensure_time_partitions($1, $2)', [toTimestamptz(from), toTimestamptz(to)])
}
