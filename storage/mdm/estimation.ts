import type { MeterId, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { type RegisterColumns, toRegisters } from '../register-columns.js'
import { toTimestamptz } from '../type-parsers.js'

export interface KnownValue {
  readonly readAt: Instant
  readonly registers: RegisterSet
}
export interface EstimablePoint {
  readonly meterId: MeterId
  readonly readAt: Instant
  readonly timeZone: string
  readonly transformerAreaId: bigint
  /** As the agreement of that day states it, else by the kind of its customer. */
  readonly usageClass: string
  /** An agreement at the usage point begins or ends there, or the due point is for a billing boundary. */
  readonly boundary: boolean
  readonly registerDigits: number
  readonly registerDecimals: number
  readonly before: KnownValue | null
  readonly after: KnownValue | null
  /** Of what stands there: an estimate that rests on other readings than those beside it now, or what a person wants replaced; 0 for nothing. */
  readonly revision: number
  /** Who asked for the estimate that stands there; null where nobody did. */
  readonly decidedBy: string | null
}

/**
 * Due points of [from, to) that nothing serves and that no unanswered field order covers, each with the accepted values beside it; and
 * estimates, but for those of a boundary, beside which a reading has been accepted since.
 */
export async function findEstimablePoints(
  client: Queryable,
  query: { readonly from: Instant; readonly to: Instant; readonly liveToleranceMs: number },
): Promise<readonly EstimablePoint[]> {
  const rows = await client.query<EstimableRow>(
    // The few points without a value come first: planned as one, excuses and neighbours would be worked out for every due point.
    `with unread as materialized (
       select d.meter_id, d.read_at, d.usage_point_id, d.line_id
         from due_read d
        where d.template = 'daily_freeze' and d.read_at >= $1 and d.read_at < $2
          and not exists (select from reading_claims c
                           where c.meter_id = d.meter_id and c.quantity = 1 and c.read_at >= d.read_at
                             and c.read_at <= d.read_at + $3 * interval '1 millisecond'
                             and (c.read_at = d.read_at or c.source = 4))
          and not exists (select from validation_decision v
                           where v.meter_id = d.meter_id and v.quantity = 1 and v.read_at = d.read_at)
          and not exists (select from field_order f left join field_order_result r using (field_order_id)
                           where f.meter_id = d.meter_id and f.read_at = d.read_at and r.field_order_id is null)),
     standing as materialized (
       select e.meter_id, e.read_at, d.usage_point_id, d.line_id, e.revision, e.before_at, e.after_at, s.decided_by
         from estimate e
         join due_read d on d.meter_id = e.meter_id and d.read_at = e.read_at and d.template = 'daily_freeze'
         join validation_decision s on (s.meter_id, s.quantity, s.read_at, s.revision) = (e.meter_id, e.quantity, e.read_at, e.revision)
        where e.quantity = 1 and e.read_at >= $1 and e.read_at < $2 and not e.boundary
          and not exists (select from validation_decision v
                           where (v.meter_id, v.quantity, v.read_at) = (e.meter_id, e.quantity, e.read_at) and v.revision > e.revision)
          and not exists (select from reading_claims c
                           where c.meter_id = e.meter_id and c.quantity = 1 and c.read_at = e.read_at
                             -- Whoever asks for an estimate has seen the claims that were there and wants none of them.
                             and (s.decided_by is null or c.recorded_at > s.recorded_at))),
     unserved as (
       select *, 0 as revision, null::timestamptz as before_at, null::timestamptz as after_at, null::text as decided_by from unread
       union all select * from standing)
     ${pointsWithNeighbours('unserved')}
      where not exists (select from due_excuse('infinity', d.meter_id, d.usage_point_id, d.line_id, d.read_at) x
                         where x.excuse <> 'planned_outage')
        and (d.revision = 0 or (d.before_at, d.after_at) is distinct from (b.read_at, n.read_at))
      order by d.read_at, d.meter_id`,
    [toTimestamptz(query.from), toTimestamptz(query.to), query.liveToleranceMs],
  )
  return rows.map(toPoint)
}

/** The points of readings that a person wants estimated, in the order of `keys`, whatever was said of them so far; null for a key that is no reading of forward energy. */
export async function findAskedPoints(
  client: Queryable,
  keys: readonly string[],
): Promise<readonly (EstimablePoint | null)[]> {
  const rows = await client.query<EstimableRow & { readonly exception_key: string }>(
    `with asked as materialized (
       select x.exception_key, x.meter_id, x.read_at, x.usage_point_id, coalesce(v.revision, 0) as revision, null::text as decided_by
         from exception x
         left join lateral (
           select c.revision from validation_decision c
            where (c.meter_id, c.quantity, c.read_at) = (x.meter_id, x.quantity, x.read_at) order by c.revision desc limit 1) v on true
        where x.exception_key = any($1::text[]) and x.quantity = 1 and x.read_at is not null)
     ${pointsWithNeighbours('asked', 'd.exception_key')}`,
    [keys],
  )
  const byKey = new Map(rows.map((row) => [row.exception_key, toPoint(row)]))
  return keys.map((key) => byKey.get(key) ?? null)
}

function toPoint(row: EstimableRow): EstimablePoint {
  return {
    meterId: row.meter_id,
    readAt: row.read_at,
    timeZone: row.time_zone,
    transformerAreaId: row.transformer_area_id,
    usageClass: row.usage_class,
    boundary: row.boundary,
    registerDigits: row.register_digits,
    registerDecimals: row.register_decimals,
    before: toKnown(row.before_at, row.before),
    after: toKnown(row.after_at, row.after),
    revision: row.revision,
    decidedBy: row.decided_by,
  }
}

/** Query of the points of `source` (meter, instant, usage point, revision, decided_by) with the place of each and the accepted values beside it. */
function pointsWithNeighbours(source: string, ...columns: readonly string[]): string {
  return `select ${[...columns, 'd.meter_id'].join(', ')}, d.read_at, d.revision, d.decided_by, m.register_digits, m.register_decimals, o.time_zone,
            u.transformer_area_id, coalesce(class.usage_class, 'residential') as usage_class,
            exists (select from agreement_timeline a
                     where a.usage_point_id = d.usage_point_id and d.read_at in (a.effective_from, a.effective_to)
                       and a.revision = (select max(l.revision) from agreement_timeline l where l.account_id = a.account_id))
            or exists (select from due_purpose p
                        where p.meter_id = d.meter_id and p.template = 'daily_freeze' and p.read_at = d.read_at) as boundary,
            b.read_at as before_at, to_json(b) as before, n.read_at as after_at, to_json(n) as after
       from ${source} d
       join meter m on m.meter_id = d.meter_id
       join usage_point u on u.usage_point_id = d.usage_point_id
       join organisation o on o.organisation_id = u.organisation_id
       left join lateral (${usageClassOf('d.usage_point_id', 'd.read_at')}) class on true
       left join lateral (${nearestAccepted('<')}) b on true
       left join lateral (${nearestAccepted('>')}) n on true`
}

/** Query of the accepted value next to the due point `d` on one side. Written so that it ends at the first one that it finds. */
function nearestAccepted(side: '<' | '>'): string {
  return `select v.read_at, v.total_e4::text, v.tou1_e4::text, v.tou2_e4::text, v.tou3_e4::text, v.tou4_e4::text
            from validation_decision v
           where v.meter_id = d.meter_id and v.quantity = 1 and v.read_at ${side} d.read_at and v.verdict = 'accepted'
             and not exists (select from validation_decision later
                              where (later.meter_id, later.quantity, later.read_at) = (v.meter_id, v.quantity, v.read_at)
                                and later.revision > v.revision)
           order by v.read_at ${side === '<' ? 'desc' : 'asc'} limit 1`
}

/** Query of the class of a usage point at an instant. */
export function usageClassOf(usagePoint: string, at: string): string {
  return `select coalesce(a.usage_class, case c.kind when 'residential' then 'residential' else 'commercial' end) as usage_class
            from agreement_timeline a join account k using (account_id) join customer c using (customer_id)
           where a.usage_point_id = ${usagePoint} and a.effective_from <= ${at} and (a.effective_to is null or a.effective_to > ${at})
             and a.revision = (select max(l.revision) from agreement_timeline l where l.account_id = a.account_id)
           order by a.account_id limit 1`
}

export interface AcceptedTotals {
  readonly readAts: readonly Instant[]
  readonly totalsE4: readonly bigint[]
  readonly firstTouE4: RegisterSet['touE4']
}

/** Accepted totals of each meter in (from, to], in order of time, with the tariff registers of the first. Nulls where there are none. */
export async function readAcceptedTotals(
  client: Queryable,
  spans: readonly { readonly meterId: MeterId; readonly from: Instant; readonly to: Instant }[],
): Promise<readonly (AcceptedTotals | null)[]> {
  if (spans.length === 0) return []
  const rows = await client.query<TotalsRow>(
    `select s.place::integer, array_agg(v.read_at order by v.read_at) as read_ats, array_agg(v.total_e4 order by v.read_at) as totals,
            (array_agg(v.tou1_e4 order by v.read_at))[1] as tou1_e4, (array_agg(v.tou2_e4 order by v.read_at))[1] as tou2_e4,
            (array_agg(v.tou3_e4 order by v.read_at))[1] as tou3_e4, (array_agg(v.tou4_e4 order by v.read_at))[1] as tou4_e4
       from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) with ordinality as s (meter_id, from_at, to_at, place)
      cross join lateral (
        select distinct on (d.read_at) d.* from validation_decision d
         where d.meter_id = s.meter_id and d.quantity = 1 and d.read_at > s.from_at and d.read_at <= s.to_at
           and d.read_at > $4 and d.read_at <= $5
         order by d.read_at, d.revision desc) v
      where v.verdict = 'accepted'
      group by s.place`,
    [
      spans.map(({ meterId }) => meterId),
      spans.map(({ from }) => toTimestamptz(from)),
      spans.map(({ to }) => toTimestamptz(to)),
      // Lets the planner skip the time partitions around all spans.
      toTimestamptz(spans.reduce((first, { from }) => Math.min(first, from), Number.MAX_SAFE_INTEGER / 2)),
      toTimestamptz(spans.reduce((last, { to }) => Math.max(last, to), 0)),
    ],
  )
  const byPlace = new Map(rows.map((row) => [row.place - 1, row]))
  return spans.map((_, place) => {
    const row = byPlace.get(place)
    if (row === undefined) return null
    const firstTouE4 = [row.tou1_e4, row.tou2_e4, row.tou3_e4, row.tou4_e4] as const
    return { readAts: row.read_ats, totalsE4: row.totals, firstTouE4 }
  })
}

export interface PeerGroup {
  readonly transformerAreaId: bigint
  readonly usageClass: string
  readonly at: Instant
}

/** Up to `most` meters of each area that measure points of that class at the instant, in order of usage point; with the group's place. */
export async function findPeers(
  client: Queryable,
  groups: readonly PeerGroup[],
  most: number,
): Promise<readonly { readonly place: number; readonly meterId: MeterId }[]> {
  const rows = await client.query<{ place: number; meter_id: bigint }>(
    `select g.place::integer, p.meter_id
       from unnest($1::bigint[], $2::text[], $3::timestamptz[]) with ordinality as g (area, usage_class, at, place)
      cross join lateral (
        select i.meter_id
          from usage_point u
          join installation_as_of('infinity', g.at) i using (usage_point_id)
         cross join lateral (${usageClassOf('u.usage_point_id', 'g.at')}) class
         where u.transformer_area_id = g.area and class.usage_class = g.usage_class
         order by u.usage_point_id limit $4) p
      order by g.place, p.meter_id`,
    [
      groups.map(({ transformerAreaId }) => transformerAreaId),
      groups.map(({ usageClass }) => usageClass),
      groups.map(({ at }) => toTimestamptz(at)),
      most,
    ],
  )
  return rows.map((row) => ({ place: row.place - 1, meterId: row.meter_id }))
}

export interface EstimateRow {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
  readonly revision: number
  readonly method: string
  readonly lowE4: bigint
  readonly highE4: bigint
  readonly beforeAt: Instant
  readonly afterAt: Instant | null
  readonly historyDays: number
  readonly peers: number
  readonly boundary: boolean
  readonly policyVersion: string
  readonly recordedAt: Instant
}

export async function insertEstimates(client: Queryable, rows: readonly EstimateRow[]): Promise<void> {
  if (rows.length === 0) return
  await client.execute(
    `insert into estimate (meter_id, quantity, read_at, revision, method, low_e4, high_e4, before_at, after_at, history_days, peers,
                           boundary, policy_version, recorded_at)
     select * from unnest($1::bigint[], $2::smallint[], $3::timestamptz[], $4::integer[], $5::text[], $6::bigint[], $7::bigint[],
                          $8::timestamptz[], $9::timestamptz[], $10::integer[], $11::integer[], $12::boolean[], $13::text[],
                          $14::timestamptz[])`,
    [
      rows.map(({ meterId }) => meterId),
      rows.map(({ quantity }) => quantity),
      rows.map(({ readAt }) => toTimestamptz(readAt)),
      rows.map(({ revision }) => revision),
      rows.map(({ method }) => method),
      rows.map(({ lowE4 }) => lowE4),
      rows.map(({ highE4 }) => highE4),
      rows.map(({ beforeAt }) => toTimestamptz(beforeAt)),
      rows.map(({ afterAt }) => (afterAt === null ? null : toTimestamptz(afterAt))),
      rows.map(({ historyDays }) => historyDays),
      rows.map(({ peers }) => peers),
      rows.map(({ boundary }) => boundary),
      rows.map(({ policyVersion }) => policyVersion),
      rows.map(({ recordedAt }) => toTimestamptz(recordedAt)),
    ],
  )
}

type TextColumns = { readonly [C in keyof RegisterColumns]: string | null }
interface EstimableRow {
  readonly decided_by: string | null
  readonly meter_id: bigint
  readonly read_at: Instant
  readonly revision: number
  readonly register_digits: number
  readonly register_decimals: number
  readonly time_zone: string
  readonly transformer_area_id: bigint
  readonly usage_class: string
  readonly boundary: boolean
  readonly before_at: Instant | null
  readonly before: TextColumns | null
  readonly after_at: Instant | null
  readonly after: TextColumns | null
}
type TotalsRow = { readonly [C in Exclude<keyof RegisterColumns, 'total_e4'>]: bigint | null } & {
  readonly place: number
  readonly read_ats: readonly Instant[]
  readonly totals: readonly bigint[]
}

function toKnown(readAt: Instant | null, row: TextColumns | null): KnownValue | null {
  if (readAt === null || row === null || row.total_e4 === null) return null
  const tou = (text: string | null): bigint | null => (text === null ? null : BigInt(text))
  const [tou1_e4, tou2_e4, tou3_e4, tou4_e4] = [tou(row.tou1_e4), tou(row.tou2_e4), tou(row.tou3_e4), tou(row.tou4_e4)]
  return { readAt, registers: toRegisters({ total_e4: BigInt(row.total_e4), tou1_e4, tou2_e4, tou3_e4, tou4_e4 }) }
}
