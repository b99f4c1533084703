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

/** A due point as it is asked for here. */
interface DueKey {
  readonly meterId: MeterId
  readonly readAt: Instant
}

/** Of these due points of the daily freeze, the ones that were tried in vain since an instant, by their place, with the last attempt. */
export async function triedInVain(
  queryable: Queryable,
  due: readonly DueKey[],
  since: Instant,
): Promise<ReadonlyMap<number, { readonly cause: string; readonly failedAt: Instant }>> {
  const rows = await queryable.query<{ readonly place: bigint; readonly cause: string; readonly failed_at: Instant }>(
    `select distinct on (n.place) n.place, f.cause, f.failed_at
       from unnest($1::bigint[], $2::timestamptz[]) with ordinality as n (meter_id, read_at, place)
       join failed_read f on (f.meter_id, f.template, f.read_at) = (n.meter_id, 'daily_freeze', n.read_at)
      where f.failed_at >= $3
      order by n.place, f.attempt desc`,
    [due.map(({ meterId }) => meterId), due.map(({ readAt }) => toTimestamptz(readAt)), toTimestamptz(since)],
  )
  return new Map(rows.map(({ place, cause, failed_at }) => [Number(place) - 1, { cause, failedAt: failed_at }]))
}
