import { type LineId, liveToleranceMs, type MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/**
 * Midnight up to which due points are laid down in a time zone; null before the first. Every partition of a year would be read each
 * night if all of them were asked: those from `recentFrom` on almost always know.
 */
export async function lastLaidMidnight(
  queryable: Queryable,
  { timeZone, recentFrom }: { readonly timeZone: string; readonly recentFrom: Instant },
): Promise<Instant | null> {
  return (await lastLaidSince(queryable, timeZone, recentFrom)) ?? lastLaidSince(queryable, timeZone, beginning)
}

const beginning: Instant = 0

async function lastLaidSince(queryable: Queryable, timeZone: string, from: Instant): Promise<Instant | null> {
  const rows = await queryable.query<{ readonly last: Instant | null }>(
    `select max(d.read_at) as last
       from due_read d join line l using (line_id) join organisation o using (organisation_id)
      where o.time_zone = $1 and d.read_at >= $2`,
    [timeZone, toTimestamptz(from)],
  )
  return rows[0]?.last ?? null
}

/** Wants the registers of every meter that is installed at a midnight, as known now. Repeating it changes nothing. */
export async function layDueReads(
  queryable: Queryable,
  wish: { readonly midnight: Instant; readonly timeZone: string; readonly recordedAt: Instant },
): Promise<number> {
  return queryable.execute(
    `insert into due_read (meter_id, read_at, usage_point_id, line_id, recorded_at)
     select i.meter_id, $1, i.usage_point_id, i.line_id, $3
       from installation_as_of($3, $1) i join line l using (line_id) join organisation o using (organisation_id)
      where o.time_zone = $2
      order by i.meter_id
         on conflict do nothing`,
    [toTimestamptz(wish.midnight), wish.timeZone, toTimestamptz(wish.recordedAt)],
  )
}

/** A due point without a value whose meter can still be asked. */
export interface MissingDueRead {
  readonly meterId: MeterId
  readonly lineId: LineId
  readonly readAt: Instant
  readonly communicationAddress: string
  readonly model: string
}

interface MissingRow {
  readonly meter_id: MeterId
  readonly line_id: LineId
  readonly read_at: Instant
  readonly communication_address: string
  readonly model: string
}

/**
 * Due points in [from, through] of meters that hang on a line as of now, over which that line has brought no reading.
 * A live reading serves the midnight that it follows within the tolerance. Materialised in steps: planned as one, the as-of
 * installation would be worked out again for each due point.
 */
export async function missingDueReads(
  queryable: Queryable,
  span: {
    readonly lineId: LineId
    readonly from: Instant
    readonly through: Instant
    readonly now: Instant
    /** A midnight that the meter said so often not to hold is not asked for again. */
    readonly noFreezeLimit: number
  },
): Promise<readonly MissingDueRead[]> {
  const rows = await queryable.query<MissingRow>(
    `with installed as materialized (
       select i.meter_id, i.line_id, m.communication_address, m.model
         from installation_as_of($4, $4) i join meter m using (meter_id)
        where i.line_id = $1),
     unread as materialized (
       select d.meter_id, d.read_at
         from due_read d
        where d.meter_id in (select meter_id from installed) and d.read_at >= $2 and d.read_at <= $3
          and not exists (select from reading r
                           where r.meter_id = d.meter_id and r.quantity = 1 and r.read_at = d.read_at))
     select d.meter_id, i.line_id, d.read_at, i.communication_address, i.model
       from unread d join installed i using (meter_id)
      where not exists (select from reading r
                         where r.meter_id = d.meter_id and r.quantity = 1 and r.source = 4
                           and r.read_at > d.read_at and r.read_at <= d.read_at + $6 * interval '1 millisecond')
        and (select count(*) from failed_read f
              where f.meter_id = d.meter_id and f.read_at = d.read_at and f.cause = 'no_freeze') < $5
      order by d.read_at desc, d.meter_id`,
    [
      span.lineId,
      toTimestamptz(span.from),
      toTimestamptz(span.through),
      toTimestamptz(span.now),
      span.noFreezeLimit,
      liveToleranceMs,
    ],
  )
  return rows.map((row) => ({
    meterId: row.meter_id,
    lineId: row.line_id,
    readAt: row.read_at,
    communicationAddress: row.communication_address,
    model: row.model,
  }))
}
