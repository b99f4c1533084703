import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { CountedEvents } from './collected-values.js'

/** What is stored of one kind of event of a meter. */
export interface KnownEventRow {
  readonly kind: string
  /** The meter's own count when it last changed. */
  readonly counted: number
  /** Whether the latest event had not ended when it was read. */
  readonly is_open: boolean
}

/** Where the next reading of a meter's events begins, for each kind that was ever counted. `openKinds`: those whose events have an end. */
export async function selectKnownEvents(
  queryable: Queryable,
  meterId: MeterId,
  openKinds: readonly string[],
): Promise<readonly KnownEventRow[]> {
  return queryable.query<KnownEventRow>(
    `select distinct on (c.kind) c.kind, c.counted,
            c.kind = any($2) and coalesce(last.ended_at is null, false) as is_open
       from event_count c
       left join lateral (select e.ended_at from end_device_event_latest e
                           where e.meter_id = c.meter_id and e.kind = c.kind
                           order by e.occurred_at desc, e.ordinal desc limit 1) last on true
      where c.meter_id = $1
      order by c.kind, c.counted_at desc`,
    [meterId, openKinds],
  )
}

/** Keeps counts that changed. @returns how many are new. */
export async function insertEventCounts(
  queryable: Queryable,
  counts: readonly CountedEvents[],
  recordedAt: Instant,
): Promise<number> {
  return queryable.execute(
    `insert into event_count (meter_id, kind, counted_at, counted, recorded_at)
     select meter_id, kind, counted_at, counted, $5
       from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::integer[]) as c(meter_id, kind, counted_at, counted)
      order by meter_id, kind, counted_at
         on conflict do nothing`,
    [
      counts.map(({ meterId }) => meterId),
      counts.map(({ event }) => event),
      counts.map(({ countedAt }) => toTimestamptz(countedAt)),
      counts.map(({ counted }) => counted),
      toTimestamptz(recordedAt),
    ],
  )
}

export interface EventRow {
  readonly kind: string
  readonly occurred_at: Instant
  readonly ordinal: number
  readonly ended_at: Instant | null
  readonly operator: string | null
  readonly detail: Readonly<Record<string, string>>
}

/** A meter's events that began in [from, to), each once, the latest first. */
export async function selectEvents(
  queryable: Queryable,
  meterId: MeterId,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<readonly EventRow[]> {
  return queryable.query<EventRow>(
    `select kind, occurred_at, ordinal, ended_at, operator, detail
       from end_device_event_latest
      where meter_id = $1 and occurred_at >= $2 and occurred_at < $3
      order by occurred_at desc, kind, ordinal desc`,
    [meterId, toTimestamptz(from), toTimestamptz(to)],
  )
}
