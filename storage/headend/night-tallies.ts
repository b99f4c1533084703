import type { Instant } from '../../domain/time.js'
import type { Database, Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { type DueWindows, toWindowsJson } from './due-windows.js'
import { servedOutcomeSql, servedSql } from './judged-points.js'

/** The latest tally of the midnight that closes a span, from facts that count for it; null where each point has to be looked at. */
export async function latestTally(
  queryable: Queryable,
  { through, asOf }: { readonly through: Instant; readonly asOf: Instant | null },
): Promise<Instant | null> {
  const rows = await queryable.query<{ readonly tallied_at: Instant }>(
    'select tallied_at from night_tally where read_at = $1 and tallied_at <= $2 and listed order by tallied_at desc limit 1',
    [toTimestamptz(through), asOf === null ? 'infinity' : toTimestamptz(asOf)],
  )
  return rows[0]?.tallied_at ?? null
}

/** Of the newest midnights for which the everyday plan wants something, by when each was tallied last and whether that is of use. */
export interface TalliedNight {
  readonly readAt: Instant
  readonly talliedAt: Instant | null
  readonly listed: boolean
}

/** Midnights from an instant on, the newest first. */
export async function talliedNights(queryable: Queryable, from: Instant): Promise<readonly TalliedNight[]> {
  const rows = await queryable.query<{
    readonly read_at: Instant
    readonly tallied_at: Instant | null
    readonly listed: boolean | null
  }>(
    // From one midnight to the next by the index: the million points of each are not looked at.
    `with recursive night (read_at) as (
       (select read_at from due_read where daily and read_at >= $1 order by read_at desc limit 1)
       union all
       select (select d.read_at from due_read d where d.daily and d.read_at >= $1 and d.read_at < n.read_at order by d.read_at desc limit 1)
         from night n where n.read_at is not null)
     select n.read_at, t.tallied_at, t.listed
       from night n
       left join lateral (select tallied_at, listed from night_tally t where t.read_at = n.read_at order by tallied_at desc limit 1) t on true
      where n.read_at is not null`,
    [toTimestamptz(from)],
  )
  return rows.map(({ read_at: readAt, tallied_at: talliedAt, listed }) => ({
    readAt,
    talliedAt,
    listed: listed ?? false,
  }))
}

/** With more than one point in so many left, going through the list would cost as much as going through the night. */
const usuallyOneIn = 20

/**
 * Counts the due points of a midnight by where they belong and lists those that were not read at the first pass, from the facts
 * recorded by an instant. Repeating it changes nothing.
 * @param oneIn the list is kept when at most one point in so many stands on it.
 * @returns whether it is new.
 */
export async function tallyNight(
  database: Database,
  {
    readAt,
    talliedAt,
    windows,
  }: { readonly readAt: Instant; readonly talliedAt: Instant; readonly windows: DueWindows },
  oneIn = usuallyOneIn,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    // See void_night_tallies: whatever lays due points waits, and then finds the tally.
    await tx.execute(`select pg_advisory_xact_lock(hashtextextended('due points', 0))`)
    const [at, known] = [toTimestamptz(readAt), toTimestamptz(talliedAt)]
    const done = await tx.query('select from night_tally where read_at = $1 and tallied_at = $2', [at, known])
    if (done.length > 0) return false
    await tx.execute('set local jit = off')
    await tx.execute(tallySql, [toTimestamptz(readAt - 1), at, known, null, null, toWindowsJson(windows), oneIn])
    return true
  })
}

const tallySql = `with ${servedSql},
  rest as materialized (
    select c.meter_id, c.template
      from candidate c
      left join served s using (meter_id, template, read_at)
      left join attempted a using (meter_id, template, read_at)
     where ${servedOutcomeSql} is distinct from 'first_pass'),
  cell as materialized (
    select d.template, d.line_id, u.transformer_area_id, u.organisation_id, count(*)::integer as points
      from due_read d join usage_point u using (usage_point_id)
     where d.read_at = $2 and d.recorded_at <= $3
     group by d.template, d.line_id, u.transformer_area_id, u.organisation_id),
  tally as (
    insert into night_tally (read_at, tallied_at, points, rest, listed)
    select $2, $3, s.points, s.rest, s.rest * $7::integer <= s.points
      from (select (select coalesce(sum(points), 0) from cell) as points, (select count(*) from rest) as rest) s
    returning listed),
  counted as (
    insert into night_tally_cell (read_at, tallied_at, template, line_id, transformer_area_id, organisation_id, points)
    select $2, $3, c.template, c.line_id, c.transformer_area_id, c.organisation_id, c.points from cell c join tally t on t.listed)
  insert into night_tally_rest (read_at, tallied_at, meter_id, template)
  select $2, $3, r.meter_id, r.template from rest r join tally t on t.listed`
