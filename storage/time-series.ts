import { dayMs, type Instant } from '../domain/time.js'
import type { Queryable } from './database.js'
import { toTimestamptz } from './type-parsers.js'

/** Stamps older than this are quarantined before insert, so no partition is needed for them. */
export const oldestStampMs = 400 * dayMs
/** How far ahead partitions are made. */
export const partitionsAheadMs = 8 * 7 * dayMs

/**
 * Makes the 7-day partitions (from Thursday 00:00 UTC) that cover [from, to); TimescaleDB makes its own. There is no default
 * partition: a stamp outside is an error of the code that let it through.
 * @returns number of partitions that are new.
 */
export async function ensureTimePartitions(client: Queryable, from: Instant, to: Instant): Promise<number> {
  const [row] = await client.query<{ readonly made: number }>('select ensure_time_partitions($1, $2) as made', [
    toTimestamptz(from),
    toTimestamptz(to),
  ])
  return row?.made ?? 0
}

/** The nightly upkeep: everything a stamp may fall into from now until well after the next upkeep. */
export async function keepTimePartitions(client: Queryable, now: Instant): Promise<number> {
  return ensureTimePartitions(client, now - oldestStampMs, now + partitionsAheadMs)
}
