import type { LineId, MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface LaySetsWish {
  readonly lineIds: readonly LineId[]
  /** Reading moments of (after, through]. */
  readonly after: Instant
  readonly through: Instant
  /** Those of (lateFrom, after], too, where the moment or its meter was told of after `toldAfter`. */
  readonly lateFrom: Instant
  readonly toldAfter: Instant
  readonly recordedAt: Instant
}

export interface LaidSets {
  /** Points that are new. */
  readonly laid: number
  /** Lines with a reading moment in the span, or with a point that is new. */
  readonly lineIds: readonly LineId[]
}

/** Wants the monthly set of each meter that bears an account at its reading moment. Repeating it changes nothing. */
export async function layMonthlySets(queryable: Queryable, wish: LaySetsWish): Promise<LaidSets> {
  const rows = await queryable.query<{ readonly line_id: LineId; readonly laid: number }>(
    `with late as materialized (
       select distinct usage_point_id from late_installation($6, $4, $5)),
     moment as materialized (
       select usage_point_id, at, false as is_late from billing_boundary('-infinity', $4, $2, $3) where purpose = 'reading_day'
       union
       select usage_point_id, at, true from billing_boundary($6, $4, $5, $2) where purpose = 'reading_day'
       union
       select b.usage_point_id, b.at, true
         from (select '-infinity'::timestamptz as known_after where exists (select from late)) any_late
         cross join lateral billing_boundary(any_late.known_after, $4, $5, $2) b
        where b.purpose = 'reading_day' and b.usage_point_id in (select usage_point_id from late)),
     point as materialized (
       select i.meter_id, i.usage_point_id, i.line_id, b.at, b.is_late
         from moment b
         join installation_timeline i on i.usage_point_id = b.usage_point_id and i.line_id = any($1::bigint[])
          and i.effective_from <= b.at and (i.effective_to is null or i.effective_to > b.at)
         join meter m on m.meter_id = i.meter_id and m.protocol = 'dlt645_2007'
        where i.recorded_at <= $4
          and not exists (select from installation_timeline n
                           where n.usage_point_id = i.usage_point_id and n.revision > i.revision and n.recorded_at <= $4)),
     laid as (
       insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at, daily)
       select meter_id, 'monthly_set', at, usage_point_id, line_id, $4::timestamptz, false from point order by 1, 3
           on conflict do nothing returning line_id),
     meant as (
       insert into due_purpose (meter_id, template, read_at, purpose, recorded_at)
       select meter_id, 'monthly_set', at, 'reading_day', $4 from point order by 1, 3
           on conflict do nothing)
     select line_id, sum(laid)::integer as laid
       from (select line_id, 1 as laid from laid union all select distinct line_id, 0 from point where not is_late) lines
      group by line_id order by line_id`,
    [
      wish.lineIds.map(String),
      toTimestamptz(wish.after),
      toTimestamptz(wish.through),
      toTimestamptz(wish.recordedAt),
      toTimestamptz(wish.lateFrom),
      toTimestamptz(wish.toldAfter),
    ],
  )
  return { laid: rows.reduce((sum, { laid }) => sum + laid, 0), lineIds: rows.map(({ line_id }) => line_id) }
}

/** The local day [from, midnight). */
export interface ClosedDay {
  readonly from: Instant
  readonly midnight: Instant
}

export interface LayCurveDaysWish {
  readonly lineIds: readonly LineId[]
  readonly days: readonly ClosedDay[]
  /** Older days, of meters only of which somebody told after `toldAfter`. */
  readonly lateDays: readonly ClosedDay[]
  readonly toldAfter: Instant
  /** Models that keep no load records. */
  readonly withoutModels: readonly string[]
  readonly recordedAt: Instant
}

/** Wants the whole days of a curve of each meter that hung on its line all day long. @returns points that are new. */
export async function layCurveDays(queryable: Queryable, wish: LayCurveDaysWish): Promise<number> {
  const { lineIds, days, lateDays, withoutModels } = wish
  const recordedAt = toTimestamptz(wish.recordedAt)
  let laid = 0
  for (const { from, midnight } of days)
    laid += await queryable.execute(
      `insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at)
       select i.meter_id, 'curve_day', $3, i.usage_point_id, i.line_id, $4
         from installation_as_of($4, $3) i join meter m using (meter_id)
        where i.line_id = any($1::bigint[]) and i.effective_from <= $2
          and m.protocol = 'dlt645_2007' and m.model <> all($5::text[])
        order by i.meter_id
           on conflict do nothing`,
      [lineIds.map(String), toTimestamptz(from), toTimestamptz(midnight), recordedAt, withoutModels],
    )
  const [oldest] = lateDays
  if (oldest === undefined) return laid
  const late = await queryable.execute(
    `insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at)
     select i.meter_id, 'curve_day', d.midnight, i.usage_point_id, i.line_id, $4
       from late_installation($6, $4, $7) i join meter m using (meter_id)
       join unnest($2::timestamptz[], $3::timestamptz[]) d (day_from, midnight)
         on d.day_from >= i.wanted_from and d.day_from >= i.effective_from and (i.effective_to is null or i.effective_to > d.midnight)
      where i.line_id = any($1::bigint[]) and m.protocol = 'dlt645_2007' and m.model <> all($5::text[])
      order by i.meter_id, d.midnight
         on conflict do nothing`,
    [
      lineIds.map(String),
      lateDays.map(({ from }) => toTimestamptz(from)),
      lateDays.map(({ midnight }) => toTimestamptz(midnight)),
      recordedAt,
      withoutModels,
      toTimestamptz(wish.toldAfter),
      toTimestamptz(oldest.from),
    ],
  )
  return laid + late
}

/** A DL/T 645 meter that hangs on a line. */
export interface MeterOnLine {
  readonly meterId: MeterId
  readonly communicationAddress: string
  readonly model: string
  /** Since when it hangs there. */
  readonly since: Instant
}

/** The DL/T 645 meters that hang on a line as of now. */
export function metersOnLine(queryable: Queryable, lineId: LineId, now: Instant): Promise<readonly MeterOnLine[]> {
  return queryable.query<MeterOnLine>(
    `select i.meter_id as "meterId", m.communication_address as "communicationAddress", m.model, i.effective_from as since
       from installation_as_of($2, $2) i join meter m using (meter_id)
      where i.line_id = $1 and m.protocol = 'dlt645_2007'
      order by i.meter_id`,
    [lineId, toTimestamptz(now)],
  )
}

export interface SetPoint {
  readonly meterId: MeterId
  readonly readAt: Instant
  readonly isServed: boolean
  /** An attempt at it brought nothing, or not all. */
  readonly hasFailed: boolean
}

/** Due points of monthly sets in (after, through], the newest first. */
export function monthlySetPoints(
  queryable: Queryable,
  wish: { readonly meterIds: readonly MeterId[]; readonly after: Instant; readonly through: Instant },
): Promise<readonly SetPoint[]> {
  return queryable.query<SetPoint>(
    `select d.meter_id as "meterId", d.read_at as "readAt",
            exists (select from served_otherwise($2, $3) s
                     where s.meter_id = d.meter_id and s.template = d.template and s.read_at = d.read_at) as "isServed",
            exists (select from failed_read f
                     where f.meter_id = d.meter_id and f.template = d.template and f.read_at = d.read_at) as "hasFailed"
       from due_read d
      where d.meter_id = any($1::bigint[]) and d.template = 'monthly_set' and d.read_at > $2 and d.read_at <= $3
      order by d.read_at desc, d.meter_id`,
    [wish.meterIds.map(String), toTimestamptz(wish.after), toTimestamptz(wish.through)],
  )
}

/**
 * Meters of which earlier passes of a window brought all that was wanted: they answered, and nothing failed since. `keyPrefix` names
 * the window in the statistics of its passes, `template` and `readAt` what its failures are recorded under.
 */
export async function metersDone(
  queryable: Queryable,
  wish: {
    readonly meterIds: readonly MeterId[]
    readonly lineId: LineId
    readonly keyPrefix: string
    readonly template: string
    readonly readAt: Instant
  },
): Promise<ReadonlySet<MeterId>> {
  const rows = await queryable.query<{ readonly meter_id: MeterId }>(
    `select distinct s.meter_id
       from meter_statistics s
      where s.meter_id = any($1::bigint[]) and s.line_id = $2 and s.window_start >= $5
        and starts_with(s.window_key, $3) and s.replies > 0
        and not exists (select from failed_read f
                         where f.meter_id = s.meter_id and f.template = $4 and f.read_at = $5 and f.recorded_at >= s.recorded_at)`,
    [wish.meterIds.map(String), wish.lineId, wish.keyPrefix, wish.template, toTimestamptz(wish.readAt)],
  )
  return new Set(rows.map(({ meter_id }) => meter_id))
}
