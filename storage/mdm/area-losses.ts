import type { MeterId } from '../../domain/reading.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { insertRows, type Row } from '../insert-rows.js'
import { toTimestamptz } from '../type-parsers.js'

/** An area with supply meters on record, and how many usage points it has. */
export interface SuppliedArea {
  readonly areaId: bigint
  readonly pointCount: number
}

export interface LossDay {
  readonly dayStart: Instant
  readonly dayEnd: Instant
  /** As-of: registry revisions recorded later are not seen. */
  readonly knownAt: Instant
  readonly liveToleranceMs: number
}

/** Areas of an organisation and those below it whose supply meters were on record on the day, in order; of all organisations for null. */
export async function readSuppliedAreas(
  client: Queryable,
  { dayStart, knownAt }: LossDay,
  organisationId: bigint | null,
): Promise<readonly SuppliedArea[]> {
  const rows = await client.query<{ area_id: bigint; point_count: number }>(
    `with recursive tree as (
       select organisation_id from organisation where organisation_id = $3 or ($3 is null and parent_id is null)
       union all
       select o.organisation_id from organisation o join tree on o.parent_id = tree.organisation_id)
     select a.transformer_area_id as area_id, count(u.usage_point_id)::integer as point_count
       from transformer_area a
       join (select distinct transformer_area_id from area_supply_as_of($2, $1)) s using (transformer_area_id)
       left join usage_point u using (transformer_area_id)
      where a.organisation_id in (select organisation_id from tree)
      group by a.transformer_area_id order by a.transformer_area_id`,
    [toTimestamptz(dayStart), toTimestamptz(knownAt), organisationId],
  )
  return rows.map((row) => ({ areaId: row.area_id, pointCount: row.point_count }))
}

/** What a meter of an area showed at both ends of the day, or of the part of it for which it hung there. */
export interface DaySegment {
  readonly areaId: bigint
  readonly usagePointId: bigint
  /** Energy flows into the area (`supply`) or back out of it (`returned`), to a customer (`sold`) or from a customer's generator (`fed_in`). */
  readonly role: 'supply' | 'returned' | 'sold' | 'fed_in'
  /** Null where none hangs at a supply point; at other points without a meter nothing is sold by one. */
  readonly meter: {
    readonly meterId: MeterId
    readonly model: string
    readonly registerDigits: number
    readonly registerDecimals: number
  } | null
  /** Null where none is on record. */
  readonly multiplier: number | null
  readonly start: DayBoundary | null
  readonly end: DayBoundary | null
}
export interface DayBoundary {
  readonly readAt: Instant
  readonly verdict: string
  /** Null when held. */
  readonly totalE4: bigint | null
}

/**
 * Segments of the day of all usage points of these areas, by area and usage point. What another meter of the same area measures too (总分,
 * 套扣) counts once, at the outer meter. Registers that count the other way are asked for at supply meters and where energy is fed in.
 */
export async function readDaySegments(
  client: Queryable,
  { dayStart, dayEnd, knownAt, liveToleranceMs }: LossDay,
  areas: readonly bigint[],
): Promise<readonly DaySegment[]> {
  const rows = await client.query<DaySegmentRow>(
    `with supplies as (
       select s.transformer_area_id as area_id, s.usage_point_id from area_supply_as_of($3, $1) s
        where s.transformer_area_id = any($5::bigint[])),
     sold as (
       select u.transformer_area_id as area_id, u.usage_point_id from usage_point u
        where u.transformer_area_id = any($5::bigint[])
          and not exists (select from supplies s where s.usage_point_id = u.usage_point_id)
          and not exists (
            select from relation_as_of($3, $1) r join usage_point p on p.usage_point_id = r.parent_id
             where r.usage_point_id = u.usage_point_id and r.kind in ('main_sub', 'deducted')
               and p.transformer_area_id = u.transformer_area_id
               and not exists (select from supplies s where s.usage_point_id = r.parent_id))),
     asked as (
       select area_id, usage_point_id, 'supply' as role, 1 as quantity from supplies
       union all select area_id, usage_point_id, 'returned', 2 from supplies
       union all select area_id, usage_point_id, 'sold', 1 from sold
       union all select s.area_id, s.usage_point_id, 'fed_in', 2 from sold s join flow_as_of($3, $1) f using (usage_point_id)
                  where f.direction <> 'import'),
     installations as (
       select i.* from installation_timeline i
         join (select usage_point_id, max(revision) as revision from installation_timeline
                where usage_point_id in (select usage_point_id from asked) and recorded_at <= $3 group by usage_point_id) r
           using (usage_point_id, revision)
        where i.effective_from < $2 and coalesce(i.effective_to, 'infinity') > $1),
     multipliers as (
       select m.* from multiplier_timeline m
         join (select usage_point_id, max(revision) as revision from multiplier_timeline
                where usage_point_id in (select usage_point_id from asked) and recorded_at <= $3 group by usage_point_id) r
           using (usage_point_id, revision)
        where m.effective_from < $2 and coalesce(m.effective_to, 'infinity') > $1),
     segments as (
       select a.area_id, a.usage_point_id, a.role, a.quantity, i.meter_id, m.ct_ratio * m.pt_ratio as multiplier,
              greatest($1::timestamptz, i.effective_from, m.effective_from) as start_at,
              least($2::timestamptz, i.effective_to, m.effective_to) as end_at
         from asked a
         left join installations i using (usage_point_id)
         left join multipliers m on m.usage_point_id = a.usage_point_id
          and m.effective_from < coalesce(i.effective_to, 'infinity') and coalesce(m.effective_to, 'infinity') > i.effective_from
        where i.meter_id is not null or a.role = 'supply')
     select s.*, k.model, k.register_digits, k.register_decimals,
            b.read_at as b_read_at, b.verdict as b_verdict, b.total_e4 as b_total_e4,
            e.read_at as e_read_at, e.verdict as e_verdict, e.total_e4 as e_total_e4
       from segments s
       left join meter k using (meter_id)
       left join lateral (
         select v.read_at, v.verdict, v.total_e4 from validation_decision v
          where v.meter_id = s.meter_id and v.quantity = s.quantity and v.read_at >= s.start_at
            and v.read_at <= s.start_at + $4 * interval '1 millisecond'
            and (v.read_at = s.start_at or v.source = 4 or v.source is null)
          order by v.read_at, v.revision desc limit 1) b on true
       left join lateral (
         select v.read_at, v.verdict, v.total_e4 from validation_decision v
          where v.meter_id = s.meter_id and v.quantity = s.quantity and v.read_at >= s.end_at
            and v.read_at <= s.end_at + $4 * interval '1 millisecond'
            and (v.read_at = s.end_at or v.source = 4 or v.source is null)
          order by v.read_at, v.revision desc limit 1) e on true
      order by s.area_id, s.usage_point_id, s.role, s.start_at`,
    [toTimestamptz(dayStart), toTimestamptz(dayEnd), toTimestamptz(knownAt), liveToleranceMs, areas],
  )
  return rows.map(toDaySegment)
}

interface DaySegmentRow {
  readonly area_id: bigint
  readonly usage_point_id: bigint
  readonly role: DaySegment['role']
  readonly meter_id: bigint | null
  readonly model: string | null
  readonly register_digits: number | null
  readonly register_decimals: number | null
  readonly multiplier: number | null
  readonly b_read_at: Instant | null
  readonly b_verdict: string | null
  readonly b_total_e4: bigint | null
  readonly e_read_at: Instant | null
  readonly e_verdict: string | null
  readonly e_total_e4: bigint | null
}

function toDaySegment(row: DaySegmentRow): DaySegment {
  return {
    areaId: row.area_id,
    usagePointId: row.usage_point_id,
    role: row.role,
    meter: toMeter(row),
    multiplier: row.multiplier,
    start: toBoundary(row.b_read_at, row.b_verdict, row.b_total_e4),
    end: toBoundary(row.e_read_at, row.e_verdict, row.e_total_e4),
  }
}

function toMeter({ meter_id, model, register_digits, register_decimals }: DaySegmentRow): DaySegment['meter'] {
  if (meter_id === null || model === null || register_digits === null || register_decimals === null) return null
  return { meterId: meter_id, model, registerDigits: register_digits, registerDecimals: register_decimals }
}

function toBoundary(readAt: Instant | null, verdict: string | null, totalE4: bigint | null): DayBoundary | null {
  return readAt === null || verdict === null ? null : { readAt, verdict, totalE4 }
}

/** The figures of an area's day as they are stored. */
export interface AreaLossFigures {
  readonly supplyE4: bigint | null
  readonly fedInE4: bigint
  readonly soldE4: bigint
  readonly estimatedE4: bigint
  readonly supplyPoints: number
  readonly soldPoints: number
  readonly estimatedPoints: number
  readonly missingPoints: number
  readonly verdict: 'in_band' | 'negative' | 'above' | 'incomplete' | 'unknown'
  /** The loss rate above which this area was out of band on this day, as a fraction e4. */
  readonly thresholdE4: number
  readonly policyVersion: string
}
export interface StoredAreaLoss extends AreaLossFigures {
  readonly areaId: bigint
  readonly serviceDate: LocalDate
  readonly revision: number
}

/** The last revision of each of these areas on a day. */
export async function readAreaLosses(
  client: Queryable,
  serviceDate: LocalDate,
  areas: readonly bigint[],
): Promise<readonly StoredAreaLoss[]> {
  const rows = await client.query<AreaLossRow>(
    'select * from area_loss_latest where service_date = $1 and transformer_area_id = any($2::bigint[]) order by transformer_area_id',
    [serviceDate, areas],
  )
  return rows.map(toAreaLoss)
}

/**
 * The usual loss of each of these areas before a day, as a fraction e4 of what flowed in: the median of its days in band over the span.
 * Areas with fewer than `leastDays` such days are left out.
 */
export async function readUsualLosses(
  client: Queryable,
  serviceDate: LocalDate,
  areas: readonly bigint[],
  span: { readonly days: number; readonly leastDays: number },
): Promise<ReadonlyMap<bigint, bigint>> {
  const rows = await client.query<{ area_id: bigint; usual_e4: bigint }>(
    `select transformer_area_id as area_id,
            percentile_disc(0.5) within group (order by loss_e4 * 10000 / (supply_e4 + fed_in_e4)) as usual_e4
       from area_loss_latest
      where service_date < $1 and service_date >= $1::date - $3::integer and transformer_area_id = any($2::bigint[])
        and verdict = 'in_band' and supply_e4 + fed_in_e4 > 0
      group by transformer_area_id having count(*) >= $4`,
    [serviceDate, areas, span.days, span.leastDays],
  )
  return new Map(rows.map((row) => [row.area_id, row.usual_e4]))
}

export interface ListedAreaLoss extends StoredAreaLoss {
  readonly areaCode: string
  readonly areaName: string
  /** Codes from the area's own organisation up to the root. */
  readonly organisations: readonly string[]
}

/** The last revisions of a day with the names of their areas, by code. */
export async function listAreaLosses(client: Queryable, serviceDate: LocalDate): Promise<readonly ListedAreaLoss[]> {
  const rows = await client.query<AreaLossRow & { code: string; name: string; organisations: readonly string[] }>(
    `select l.*, a.code, a.name,
            (with recursive above as (
               select o.organisation_id, o.parent_id, o.code, 1 as depth from organisation o where o.organisation_id = a.organisation_id
               union all
               select o.organisation_id, o.parent_id, o.code, above.depth + 1 from organisation o join above on o.organisation_id = above.parent_id)
             select array_agg(code::text order by depth) from above) as organisations
       from area_loss_latest l join transformer_area a using (transformer_area_id)
      where l.service_date = $1 order by a.code`,
    [serviceDate],
  )
  return rows.map((row) => ({
    ...toAreaLoss(row),
    areaCode: row.code,
    areaName: row.name,
    organisations: row.organisations,
  }))
}

interface AreaLossRow {
  readonly transformer_area_id: bigint
  readonly service_date: LocalDate
  readonly revision: number
  readonly supply_e4: bigint | null
  readonly fed_in_e4: bigint
  readonly sold_e4: bigint
  readonly estimated_e4: bigint
  readonly supply_points: number
  readonly sold_points: number
  readonly estimated_points: number
  readonly missing_points: number
  readonly verdict: AreaLossFigures['verdict']
  readonly threshold_e4: number
  readonly policy_version: string
}

function toAreaLoss(row: AreaLossRow): StoredAreaLoss {
  return {
    areaId: row.transformer_area_id,
    serviceDate: row.service_date,
    revision: row.revision,
    supplyE4: row.supply_e4,
    fedInE4: row.fed_in_e4,
    soldE4: row.sold_e4,
    estimatedE4: row.estimated_e4,
    supplyPoints: row.supply_points,
    soldPoints: row.sold_points,
    estimatedPoints: row.estimated_points,
    missingPoints: row.missing_points,
    verdict: row.verdict,
    thresholdE4: row.threshold_e4,
    policyVersion: row.policy_version,
  }
}

/** Two runs at a time may settle the same day; what is there stays. @returns how many went in. */
export function insertAreaLosses(client: Queryable, rows: readonly Row[]): Promise<number> {
  return insertRows(
    client,
    'insert into area_loss select * from json_populate_recordset(null::area_loss, $1) on conflict do nothing',
    rows,
  )
}
