import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** The everyday freezes of a local day: (after, through], the midnight that closes the day included. */
export interface DaySpan {
  readonly after: Instant
  readonly through: Instant
}

/** Which days have due points of the everyday plan, as of an instant; null for all there is. One look into an index per day. */
export async function laidSpans(
  queryable: Queryable,
  days: readonly DaySpan[],
  asOf: Instant | null,
): Promise<ReadonlySet<Instant>> {
  const rows = await queryable.query<{ readonly through: Instant }>(
    `select w.through from unnest($1::timestamptz[], $2::timestamptz[]) as w (after, through)
      where exists (select from due_read d
                     where d.read_at > w.after and d.read_at <= w.through and d.template = 'daily_freeze' and d.daily
                       and d.recorded_at <= $3)`,
    [
      days.map(({ after }) => toTimestamptz(after)),
      days.map(({ through }) => toTimestamptz(through)),
      asOf === null ? 'infinity' : toTimestamptz(asOf),
    ],
  )
  return new Set(rows.map(({ through }) => through))
}

/** The first midnight that was ever laid down; null before it. */
export async function firstLaidMidnight(queryable: Queryable): Promise<Instant | null> {
  const rows = await queryable.query<{ readonly read_at: Instant }>(
    `select read_at from due_read where daily and template = 'daily_freeze' order by read_at limit 1`,
  )
  return rows[0]?.read_at ?? null
}

/** When a node last took up what had fallen due, as far as facts tell as of an instant; null where none ever did. */
export async function lastTakenUp(queryable: Queryable, asOf: Instant | null): Promise<Instant | null> {
  const [row] = await queryable.query<{ readonly at: Instant | null }>(
    'select max(recorded_at) as at from collection_fire where recorded_at <= $1',
    [asOf === null ? 'infinity' : toTimestamptz(asOf)],
  )
  return row?.at ?? null
}
