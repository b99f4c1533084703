import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { isStandingClaim, withdrawnRule } from '../registry/withdrawals.js'
import { toTimestamptz } from '../type-parsers.js'

/** Something that is in doubt right now, whether a person knows of it or not. */
export interface ExceptionCause {
  readonly exceptionKey: string
  readonly kind: string
  readonly usagePointId: bigint | null
  readonly transformerAreaId: bigint | null
  readonly meterId: bigint | null
  readonly quantity: number | null
  readonly readAt: Instant | null
  readonly accountId: bigint | null
  readonly periodStart: Instant | null
  readonly periodEnd: Instant | null
  readonly rules: readonly string[]
  readonly detail: string
  readonly evidence: object
  readonly timeZone: string
}

export interface CauseQuery {
  /** Due points and estimates from here on are looked through. */
  readonly from: Instant
  /** Doubts that were recorded from then on are found, however long ago their readings are. */
  readonly since: Instant
  /** What was said of readings before it is nobody's doubt here. */
  readonly goLive: Instant
  readonly now: Instant
  readonly missingAfterMs: number
  readonly liveToleranceMs: number
  readonly longestEstimateMs: number
  readonly watchedRules: readonly string[]
}

/**
 * Every cause, set-wise, one query a kind; those of meters that never hung anywhere have no place and so no owner. Three ways lead to a
 * doubt: its reading is recent, it was recorded (or its meter placed) since the last look, or it is open already; so old ones
 * cost nothing but themselves.
 */
export async function findCauses(client: Queryable, query: CauseQuery): Promise<readonly ExceptionCause[]> {
  const [from, now] = [toTimestamptz(query.from), toTimestamptz(query.now)]
  const [since, goLive] = [toTimestamptz(query.since), toTimestamptz(query.goLive)]
  const sets = [
    await client.query<ExceptionCause>(heldReadings, [from, since, goLive]),
    await client.query<ExceptionCause>(missingReadings, [
      from,
      now,
      query.missingAfterMs,
      query.liveToleranceMs,
      goLive,
    ]),
    await client.query<ExceptionCause>(determinantHolds, [goLive]),
    await client.query<ExceptionCause>(prolongedEstimates, [from, query.longestEstimateMs, since, goLive]),
    await client.query<ExceptionCause>(doubtfulReadings, [from, query.watchedRules, since, goLive]),
    await client.query<ExceptionCause>(findings),
  ]
  return sets.flat()
}

const instantText = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** The usage point at which the meter hung then, else where it hung last. */
const placeOf = (row: string) => `
  left join lateral (
    select t.usage_point_id from installation_timeline t
     where t.meter_id = ${row}.meter_id
     order by (t.effective_from <= ${row}.read_at and (t.effective_to is null or t.effective_to >= ${row}.read_at)) desc,
              t.recorded_at desc, t.effective_from desc limit 1) i on true
  left join usage_point u on u.usage_point_id = i.usage_point_id
  left join organisation o on o.organisation_id = u.organisation_id`

/**
 * Whether the meter hung somewhere at the instant, its ends included, as the registry says now; what it said elsewhere is billed to nobody.
 * Of one that never hung anywhere it is not known, and the registry has to be mended.
 */
const isSomebodys = (row: string) => `(
  exists (select from installation_timeline t
           where t.meter_id = ${row}.meter_id and ${row}.read_at between t.effective_from and coalesce(t.effective_to, 'infinity')
             and t.revision = (select max(n.revision) from installation_timeline n where n.usage_point_id = t.usage_point_id))
  or not exists (select from installation_timeline t where t.meter_id = ${row}.meter_id))`

const lastRevision = (row: string) => `not exists (
  select from validation_decision n
   where (n.meter_id, n.quantity, n.read_at) = (${row}.meter_id, ${row}.quantity, ${row}.read_at) and n.revision > ${row}.revision)`

/**
 * Doubts of a verdict as `doubt`: recent ($from), recorded since the last look ($since), of a meter that the registry has placed since
 * then, or open in the queue by `stillOpen`; none from before $goLive. Whoever joined them with the decisions again would have the planner
 * read all that was ever decided on their meters.
 */
const doubts = (verdict: string, from: string, [since, goLive]: readonly [string, string], stillOpen: string) => {
  const columns = 'v.meter_id, v.quantity, v.read_at, v.revision, v.verdict, v.rules, v.reason, v.decided_by'
  const isDoubt = `(v.verdict <> 'accepted' or v.rules <> '{}') and v.verdict = '${verdict}'`
  return `
  doubt as materialized (
    select ${columns} from validation_decision v where v.read_at >= greatest(${from}::timestamptz, ${goLive}) and ${isDoubt}
     union
    select ${columns} from validation_decision v where v.recorded_at >= ${since} and v.read_at >= ${goLive} and ${isDoubt}
     union
    select ${columns}
      from (select distinct meter_id from installation_timeline where recorded_at >= ${since}) i
      join validation_decision v using (meter_id)
     where v.read_at >= ${goLive} and ${isDoubt}
     union
    select ${columns}
      from exception_now n join exception x using (exception_key)
      join validation_decision v on v.meter_id = x.meter_id and v.quantity = x.quantity and ${stillOpen}
     where n.event = 'opened' and v.verdict = '${verdict}')`
}

const heldReadings = `
  with ${doubts('held', '$1', ['$2', '$3'], `x.kind = 'held_reading' and v.read_at = x.read_at`)}
  select 'held_reading/' || m.code || '/' || ${instantText('v.read_at')} || '/' || v.quantity as "exceptionKey",
         'held_reading' as kind, i.usage_point_id as "usagePointId", null::bigint as "transformerAreaId",
         v.meter_id as "meterId", v.quantity, v.read_at as "readAt", null::bigint as "accountId",
         null::timestamptz as "periodStart", null::timestamptz as "periodEnd", v.rules, v.reason as detail,
         json_build_object('revision', v.revision) as evidence, coalesce(o.time_zone, 'UTC') as "timeZone"
    from doubt v join meter m using (meter_id) ${placeOf('v')}
   where ${lastRevision('v')} and ${isSomebodys('v')}
     -- A note that was withdrawn with its change leaves no doubt, but where the registers of the instant are due all the same.
     and (v.rules <> '{${withdrawnRule}}'
          or exists (select from due_read d
                      cross join lateral due_point_state('infinity', d.meter_id, d.template, d.usage_point_id, d.line_id, d.read_at, false) s
                      where d.meter_id = v.meter_id and d.read_at = v.read_at and d.template = 'daily_freeze' and s.state = 'held'))`

/**
 * Due points without a reading, and the ends of months that hold an account for want of one: a meter whose exchange was recorded late has
 * no due points from before that. What is excused is nobody's to find, but where a planned outage excuses what a bill waits for.
 */
const missingReadings = `
  with held as (
    select i.meter_id, b.read_at, i.usage_point_id, i.line_id
      from (select distinct on (organisation_id, period_start, period_end) * from determinant_set
             where period_end >= $5 order by organisation_id, period_start, period_end, revision desc) s
      join determinant_hold h on h.set_id = s.set_id and h.code = 'boundary_missing'
      join agreement_timeline t
        on t.account_id = h.account_id and t.effective_from < s.period_end and (t.effective_to is null or t.effective_to > s.period_start)
       and t.revision = (select max(z.revision) from agreement_timeline z where z.account_id = t.account_id)
     cross join lateral (values (greatest(s.period_start, t.effective_from)),
                                (least(s.period_end, coalesce(t.effective_to, s.period_end)))) b (read_at)
      join installation_timeline i
        on i.usage_point_id = t.usage_point_id and i.effective_from <= b.read_at and (i.effective_to is null or i.effective_to >= b.read_at)
       and i.revision = (select max(z.revision) from installation_timeline z where z.usage_point_id = i.usage_point_id)),
  due as (
    select d.meter_id, d.read_at, min(d.usage_point_id) as usage_point_id, min(d.line_id) as line_id, bool_or(d.billed) as billed
      from (select meter_id, read_at, usage_point_id, line_id, false as billed from due_read where template = 'daily_freeze' and read_at >= $1
             union all
            select d.meter_id, d.read_at, d.usage_point_id, d.line_id, false
              from exception_now n join exception x using (exception_key)
              join due_read d on d.meter_id = x.meter_id and d.read_at = x.read_at and d.template = 'daily_freeze'
             where n.event = 'opened' and x.kind = 'missing_reading' and x.read_at < $1
             union all
            select held.*, true from held) d
     group by d.meter_id, d.read_at),
  unread as materialized (
    select d.*
      from due d
     where d.read_at <= $2::timestamptz - $3 * interval '1 millisecond'
       and not exists (select from reading_claims c
                        where c.meter_id = d.meter_id and c.quantity = 1 and c.read_at >= d.read_at
                          and c.read_at <= d.read_at + $4 * interval '1 millisecond'
                          and (c.read_at = d.read_at or c.source = 4) and ${isStandingClaim})
       and not exists (select from validation_decision v
                        where v.meter_id = d.meter_id and v.quantity = 1 and v.read_at = d.read_at))
  select 'missing_reading/' || m.code || '/' || ${instantText('d.read_at')} || '/1' as "exceptionKey",
         'missing_reading' as kind, d.usage_point_id as "usagePointId", null::bigint as "transformerAreaId",
         d.meter_id as "meterId", 1::smallint as quantity, d.read_at as "readAt", null::bigint as "accountId",
         null::timestamptz as "periodStart", null::timestamptz as "periodEnd", array['no_read'] as rules,
         coalesce(f.causes, 'no attempt on record') as detail, '{}'::json as evidence, o.time_zone as "timeZone"
    from unread d
    join meter m using (meter_id)
    join usage_point u using (usage_point_id)
    join organisation o on o.organisation_id = u.organisation_id
   cross join lateral due_point_state('infinity', d.meter_id, 'daily_freeze', d.usage_point_id, d.line_id, d.read_at, false) s
    left join lateral (
      select string_agg(distinct f.cause, ', ' order by f.cause) as causes from failed_read f
       where f.meter_id = d.meter_id and f.template = 'daily_freeze' and f.read_at = d.read_at) f on true
   where s.state = 'open' or (d.billed and s.excuse = 'planned_outage')`

const determinantHolds = `
  select 'determinant_hold/' || a.code || '/' || ${instantText('s.period_start')} || '/' || h.code as "exceptionKey",
         'determinant_hold' as kind, g.usage_point_id as "usagePointId", null::bigint as "transformerAreaId",
         null::bigint as "meterId", null::smallint as quantity, null::timestamptz as "readAt", h.account_id as "accountId",
         s.period_start as "periodStart", s.period_end as "periodEnd", array[h.code] as rules, h.detail,
         json_build_object('set', s.set_id) as evidence, coalesce(o.time_zone, 'UTC') as "timeZone"
    from (select distinct on (organisation_id, period_start, period_end) * from determinant_set
           where period_end >= $1 order by organisation_id, period_start, period_end, revision desc) s
    -- What the old books still bill is nobody's to answer.
    join determinant_hold h on h.set_id = s.set_id and h.code <> 'before_go_live'
    join account a using (account_id)
    left join lateral (
      select t.usage_point_id from agreement_timeline t
       where t.account_id = h.account_id and t.effective_from < s.period_end
       order by t.revision desc, t.effective_from desc limit 1) g on true
    left join usage_point u on u.usage_point_id = g.usage_point_id
    left join organisation o on o.organisation_id = u.organisation_id`

/** Measured from the last accepted reading, so that the key stays the same while the stretch grows. */
const prolongedEstimates = `
  with ${doubts('estimated', '$1', ['$3', '$4'], `x.kind = 'prolonged_estimate' and v.read_at >= x.period_start`)},
  stretch as (
    select v.meter_id, p.read_at as known_at, min(v.read_at) as first_at, max(v.read_at) as read_at, count(*) as days
      from doubt v
      left join lateral (
        select b.read_at from validation_decision b
         where b.meter_id = v.meter_id and b.quantity = 1 and b.read_at < v.read_at and b.verdict = 'accepted' and ${lastRevision('b')}
         order by b.read_at desc limit 1) p on true
     where v.quantity = 1 and ${lastRevision('v')}
     group by v.meter_id, p.read_at
    having max(v.read_at) - coalesce(p.read_at, min(v.read_at)) >= $2 * interval '1 millisecond')
  select 'prolonged_estimate/' || m.code || '/' || coalesce(${instantText('s.known_at')}, '') as "exceptionKey",
         'prolonged_estimate' as kind, i.usage_point_id as "usagePointId", null::bigint as "transformerAreaId",
         s.meter_id as "meterId", 1::smallint as quantity, null::timestamptz as "readAt", null::bigint as "accountId",
         coalesce(s.known_at, s.first_at) as "periodStart", null::timestamptz as "periodEnd", array['prolonged_estimate'] as rules,
         s.days || ' readings in a row are estimates' as detail, json_build_object('through', s.read_at) as evidence,
         coalesce(o.time_zone, 'UTC') as "timeZone"
    from stretch s join meter m using (meter_id) ${placeOf('s')}`

/** One a meter, month and rule: what is said every day is looked at once. */
const doubtfulReadings = `
  with ${doubts('accepted', '$1', ['$3', '$4'], `x.kind = 'doubtful_reading' and v.read_at between x.read_at and x.read_at + interval '31 days' and v.rules && $2::text[]`)}
  select distinct on (1)
         'doubtful_reading/' || m.code || '/' || to_char(v.read_at at time zone coalesce(o.time_zone, 'UTC'), 'YYYY-MM') || '/' || w.rule as "exceptionKey",
         'doubtful_reading' as kind, i.usage_point_id as "usagePointId", null::bigint as "transformerAreaId",
         v.meter_id as "meterId", v.quantity, v.read_at as "readAt", null::bigint as "accountId",
         null::timestamptz as "periodStart", null::timestamptz as "periodEnd", array[w.rule] as rules, v.reason as detail,
         json_build_object('revision', v.revision) as evidence, coalesce(o.time_zone, 'UTC') as "timeZone"
    from doubt v join meter m using (meter_id) ${placeOf('v')}
   cross join lateral (select r.rule from unnest(v.rules) r (rule) where r.rule = any($2::text[])) w
   where v.decided_by is null and v.rules && $2::text[] and ${lastRevision('v')} and ${isSomebodys('v')}
   order by 1, v.read_at, v.quantity`

const findings = `
  select 'finding/' || f.finding_key as "exceptionKey", f.kind, f.usage_point_id as "usagePointId",
         f.transformer_area_id as "transformerAreaId", f.meter_id as "meterId", f.quantity,
         f.read_at as "readAt", f.account_id as "accountId", f.period_start as "periodStart", f.period_end as "periodEnd",
         array[f.kind] as rules, f.detail, f.evidence, coalesce(o.time_zone, a.time_zone, 'UTC') as "timeZone"
    from exception_finding f
    left join usage_point u using (usage_point_id)
    left join organisation o on o.organisation_id = u.organisation_id
    left join transformer_area r on r.transformer_area_id = f.transformer_area_id
    left join organisation a on a.organisation_id = r.organisation_id
   where not exists (select from exception_finding_end e where e.finding_key = f.finding_key)`
