import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/**
 * Of these meters, the ones that said nothing for midnights since which nothing of theirs was read, and for how many; `since` bounds
 * the search. A meter that is not named has answered lately or was not asked.
 */
export async function silentWindows(
  queryable: Queryable,
  { meterIds, since }: { readonly meterIds: readonly MeterId[]; readonly since: Instant },
): Promise<ReadonlyMap<MeterId, number>> {
  const rows = await queryable.query<{ readonly meter_id: MeterId; readonly windows: bigint }>(
    `select f.meter_id, count(distinct f.read_at) as windows
       from failed_read f
      where f.meter_id = any($1::bigint[]) and f.read_at >= $2 and f.template = 'daily_freeze' and f.cause = 'no_reply'
        and not exists (select from reading r
                         where r.meter_id = f.meter_id and r.quantity = 1 and r.read_at >= f.read_at)
      group by f.meter_id`,
    [meterIds.map(String), toTimestamptz(since)],
  )
  return new Map(rows.map(({ meter_id, windows }) => [meter_id, Number(windows)]))
}
