import { type LineId, liveToleranceMs, type MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { atomically, type Database, type Queryable, type Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { lateChangeMs, toldAfter } from './late-changes.js'

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
  const rows = await queryable.query<{ readonly last: Instant }>(
    `select d.read_at as last from due_read d
      where d.read_at >= $2 and d.template = 'daily_freeze' and d.daily
        and exists (select from line l join organisation o using (organisation_id) where l.line_id = d.line_id and o.time_zone = $1)
      order by d.read_at desc limit 1`,
    [timeZone, toTimestamptz(from)],
  )
  return rows[0]?.last ?? null
}

export interface LayWish {
  /** The local midnight that closes the day. */
  readonly midnight: Instant
  readonly timeZone: string
  readonly recordedAt: Instant
}

/**
 * Wants the registers of every meter that is installed at a midnight, those of every billing boundary since the midnight before, and what
 * older midnights and boundaries owe by what was told since, as known now; all of it or nothing, because the next midnight tells from
 * the freezes that this one is done. Repeating it changes nothing. @returns due points that are new.
 */
export function layDueReads(database: Database | Transaction, wish: LayWish): Promise<number> {
  return atomically(database, async (tx) => {
    const midnights = (await layMidnight(tx, wish)) + (await layLateMidnights(tx, wish))
    return midnights + (await layBoundaries(tx, wish))
  })
}

/**
 * What older midnights and boundaries, that of the last midnight laid down included, owe by what was told since: at once, so that whoever
 * looks at a month after a late change sees what it still wants. The next night would lay down the same. @returns due points that are new.
 */
export async function layLateDueReads(
  database: Database | Transaction,
  { timeZone, recordedAt }: Omit<LayWish, 'midnight'>,
): Promise<number> {
  const midnight = await lastLaidMidnight(database, { timeZone, recentFrom: recordedAt - lateChangeMs })
  if (midnight === null) return 0
  const wish = { midnight, timeZone, recordedAt, isLaid: true }
  return atomically(database, async (tx) => (await layLateMidnights(tx, wish)) + (await layBoundaries(tx, wish)))
}

/** `isLaid`: the midnight itself was laid down before, so that it is one of the older ones. */
type LateWish = LayWish & { readonly isLaid?: boolean }

function layMidnight(queryable: Queryable, { midnight, timeZone, recordedAt }: LayWish): Promise<number> {
  return queryable.execute(
    `insert into due_read (meter_id, read_at, usage_point_id, line_id, recorded_at)
     select i.meter_id, $1, i.usage_point_id, i.line_id, $3
       from installation_as_of($3, $1) i join line l using (line_id) join organisation o using (organisation_id)
      where o.time_zone = $2
      order by i.meter_id
         on conflict do nothing`,
    [toTimestamptz(midnight), timeZone, toTimestamptz(recordedAt)],
  )
}

/** From when on something was told late; nothing on the first night, which a go-live with its million installations comes before. */
const toldSql = 'select $4::timestamptz as after_at where exists (select from due_read where read_at < $1)'

/** Older midnights ($6 days and more before the midnight) of meters of which somebody told late, none from before the first midnight ever laid down. */
function layLateMidnights(queryable: Queryable, { midnight, timeZone, recordedAt, isLaid }: LateWish): Promise<number> {
  return queryable.execute(
    `with late as materialized (
       select i.* from (${toldSql}) told cross join lateral late_installation(told.after_at, $3, $5) i
         join line l using (line_id) join organisation o using (organisation_id)
        where o.time_zone = $2),
     old_midnight as (
       select day at time zone $2 as at
         from generate_series($5::timestamptz at time zone $2, ($1::timestamptz at time zone $2) - $6::integer * interval '1 day', interval '1 day') day)
     insert into due_read (meter_id, read_at, usage_point_id, line_id, recorded_at)
     select i.meter_id, m.at, i.usage_point_id, i.line_id, $3
       from late i
       join old_midnight m on m.at >= i.wanted_from and m.at >= i.effective_from and (i.effective_to is null or i.effective_to > m.at)
      where m.at >= (select read_at from due_read order by read_at limit 1)
      order by i.meter_id, m.at
         on conflict do nothing`,
    [
      toTimestamptz(midnight),
      timeZone,
      toTimestamptz(recordedAt),
      toTimestamptz(toldAfter(midnight)),
      toTimestamptz(midnight - lateChangeMs),
      isLaid === true ? 0 : 1,
    ],
  )
}

/**
 * Boundaries of the day that ends with the midnight, and older ones that became known during it, or whose meter did; none from before the
 * first midnight ever laid down, for the master data of a go-live tell of years in which nobody read. At a local midnight the daily freeze
 * serves a boundary; at any other instant, and for a meter that leaves, only what a person noted does.
 */
async function layBoundaries(
  queryable: Queryable,
  { midnight, timeZone, recordedAt, isLaid }: LateWish,
): Promise<number> {
  const [row] = await queryable.query<{ readonly laid: bigint }>(
    `with late as materialized (
       select distinct i.usage_point_id from (${toldSql}) told cross join lateral late_installation(told.after_at, $3, $5) i),
     told as (
       select * from billing_boundary('-infinity', $3, $1::timestamptz - $6::integer * interval '1 day', $1)
       union
       select * from billing_boundary($4, $3, $5, $1::timestamptz - $6::integer * interval '1 day')
       union
       select b.* from (select '-infinity'::timestamptz as known_after where exists (select from late)) any_late
         cross join lateral billing_boundary(any_late.known_after, $3, $5, $1::timestamptz - $6::integer * interval '1 day') b
        where b.usage_point_id in (select usage_point_id from late)),
     boundary as materialized (
       select * from told where at >= (select read_at from due_read order by read_at limit 1)),
     installed as (
       select t.* from installation_timeline t join line l using (line_id) join organisation o using (organisation_id)
        where o.time_zone = $2 and t.recorded_at <= $3
          and not exists (select from installation_timeline n
                           where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= $3)),
     point as materialized (
       select i.meter_id, i.usage_point_id, i.line_id, b.at, b.purpose,
              case when b.purpose <> 'exchange' and (b.at at time zone $2)::time = '00:00' then 'daily_freeze' else 'noted_registers' end as template
         from boundary b
         join installed i on i.usage_point_id = b.usage_point_id and i.effective_from <= b.at and (i.effective_to is null or i.effective_to > b.at)
       union
       select i.meter_id, i.usage_point_id, i.line_id, b.at, b.purpose, 'noted_registers'
         from boundary b
         join installed i on i.usage_point_id = b.usage_point_id and i.effective_to = b.at
        where b.purpose in ('exchange', 'contract_change')),
     laid as (
       insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at, daily)
       select distinct meter_id, template, at, usage_point_id, line_id, $3::timestamptz, false from point order by 1, 2, 3
           on conflict do nothing returning 1),
     meant as (
       insert into due_purpose (meter_id, template, read_at, purpose, recorded_at)
       select meter_id, template, at, purpose, $3 from point order by 1, 2, 3
           on conflict do nothing)
     select count(*) as laid from laid`,
    [
      toTimestamptz(midnight),
      timeZone,
      toTimestamptz(recordedAt),
      toTimestamptz(toldAfter(midnight)),
      toTimestamptz(midnight - lateChangeMs),
      isLaid === true ? 0 : 1,
    ],
  )
  return Number(row?.laid ?? 0n)
}

/** A due point without a value whose meter can still be asked. */
export interface MissingDueRead {
  readonly meterId: MeterId
  readonly lineId: LineId
  readonly readAt: Instant
  readonly communicationAddress: string
  readonly model: string
  /** -1 where a bill begins or ends: such points go first; 0 for all others. */
  readonly rank: number
}

interface MissingRow {
  readonly meter_id: MeterId
  readonly line_id: LineId
  readonly read_at: Instant
  readonly communication_address: string
  readonly model: string
  readonly boundary: boolean
}

/**
 * Freezes due in [from, through], billing boundaries first and then the newest first, of meters that hang on a line as of now, over which that line has brought no reading.
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
        where d.meter_id in (select meter_id from installed) and d.read_at >= $2 and d.read_at <= $3 and d.template = 'daily_freeze'
          and not exists (select from reading r
                           where r.meter_id = d.meter_id and r.quantity = 1 and r.read_at = d.read_at))
     select d.meter_id, i.line_id, d.read_at, i.communication_address, i.model,
            exists (select from due_purpose p
                     where p.meter_id = d.meter_id and p.template = 'daily_freeze' and p.read_at = d.read_at) as boundary
       from unread d join installed i using (meter_id)
      where not exists (select from reading r
                         where r.meter_id = d.meter_id and r.quantity = 1 and r.source = 4
                           and r.read_at > d.read_at and r.read_at <= d.read_at + $6 * interval '1 millisecond')
        and (select count(*) from failed_read f
              where f.meter_id = d.meter_id and f.read_at = d.read_at and f.template = 'daily_freeze'
                and f.cause = 'no_freeze') < $5
      order by boundary desc, d.read_at desc, d.meter_id`,
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
    rank: row.boundary ? -1 : 0,
  }))
}

/** The newest midnight for which the everyday plan wants something, as of an instant; null before the first. */
export async function newestDueMidnight(queryable: Queryable, asOf: Instant | null): Promise<Instant | null> {
  const rows = await queryable.query<{ readonly read_at: Instant }>(
    'select read_at from due_read where daily and recorded_at <= $1 order by read_at desc limit 1',
    [asOf === null ? 'infinity' : toTimestamptz(asOf)],
  )
  return rows[0]?.read_at ?? null
}
