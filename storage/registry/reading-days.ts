import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import type { Timeline } from './changes.js'

/** The reading days that are stated of a usage point: the last revision. */
export async function readReadingDays(client: Queryable, usagePointId: bigint): Promise<Timeline<number>> {
  const rows = await client.query<{
    readonly revision: number
    readonly effective_from: Instant
    readonly effective_to: Instant | null
    readonly reading_day: number
  }>(
    `select revision, effective_from, effective_to, reading_day from reading_day_timeline
      where usage_point_id = $1
        and revision = (select max(revision) from reading_day_timeline where usage_point_id = $1)`,
    [usagePointId],
  )
  const segments = rows.map((row) => ({ from: row.effective_from, to: row.effective_to, value: row.reading_day }))
  return { revision: rows[0]?.revision ?? 0, segments }
}
