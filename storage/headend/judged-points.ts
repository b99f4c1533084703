import { readingSources } from '../../domain/reading.js'
import { windowEndSql } from './due-windows.js'

// $1 after, $2 through, $3 known at, $4 template or null, $5 the tally of the midnight $2 or null, $6 windows by template.
// Sources as in domain/reading.ts: 1 scheduled, 2 backfill, 3 on demand, 4 live, 5 field, 6 exchange, 8 imported.

/** What is looked at point by point. The planner knows the parameters, and drops what they leave nothing of. */
export const isUntallied = (readAt: string): string =>
  `${readAt} > $1 and ${readAt} <= $2 and ($5::timestamptz is null or ${readAt} < $2)`

/** What a claim or a point may be doubted for; few rows each. Needed before everything below. */
const doubtedSql = `
  void as materialized (select meter_id, template, read_at from due_point_void($3, $1, $2)),
  misaddressed as materialized (select meter_id, told_from, told_until from meter_misaddressed_as_of($3)),
  decided as materialized (
    select meter_id, read_at from validation_decision
     where read_at > $1 and read_at <= $2 and quantity = 1 and recorded_at <= $3 and verdict <> 'accepted'
     union
    select meter_id, read_at from validation_decision
     where read_at > $1 and read_at <= $2 and quantity = 1 and recorded_at <= $3 and decided_by is not null)`

/** Points that were surely read at the first pass fall out in the first join. */
const untalliedSql = `
    select d.meter_id, d.template, d.read_at, d.usage_point_id, d.line_id, d.recorded_at as laid_at,
           r.source, r.recorded_at as served_at, coalesce(r.frame_received_at, r.recorded_at) as told_at
      from due_read d
      left join reading r on r.meter_id = d.meter_id and r.quantity = 1 and r.read_at = d.read_at
       and ${isUntallied('r.read_at')} and r.recorded_at <= $3 and d.template = 'daily_freeze'
      left join (select meter_id, template, read_at, min(failed_at) as first_at from failed_read
                  where ${isUntallied('read_at')} and coalesce(recorded_at, failed_at) <= $3
                  group by meter_id, template, read_at) f
        on f.meter_id = d.meter_id and f.template = d.template and f.read_at = d.read_at
     where ${isUntallied('d.read_at')} and d.recorded_at <= $3 and ($4::text is null or d.template = $4)
       and (r.meter_id is null or r.source = 2 or r.recorded_at > ${windowEndSql("'daily_freeze'", 'd.read_at')} or f.first_at <= r.recorded_at
            or d.meter_id in (select meter_id from manual_reading where ${isUntallied('read_at')})
            or d.meter_id in (select meter_id from misaddressed) or (d.meter_id, d.read_at) in (select meter_id, read_at from decided))`

/**
 * Of a tallied midnight, whatever may not have been read at the first pass: what the tally lists, what failed, was noted, doubted or decided
 * at any time (it may have become known since), and what was laid down since. All others had a value by then, and had it at the first pass.
 */
const talliedSql = `
    select d.meter_id, d.template, d.read_at, d.usage_point_id, d.line_id, d.recorded_at, r.source, r.recorded_at,
           coalesce(r.frame_received_at, r.recorded_at)
      from (select meter_id, template from night_tally_rest where read_at = $2 and tallied_at = $5
            union
            select meter_id, template from failed_read where $5::timestamptz is not null and read_at = $2 and coalesce(recorded_at, failed_at) <= $3
            union
            select m.meter_id, t.template
              from manual_reading m cross join (values ('daily_freeze'), ('noted_registers')) t (template)
             where $5::timestamptz is not null and m.read_at = $2
            union
            select m.meter_id, t.template
              from (select meter_id from misaddressed union select meter_id from decided where read_at = $2) m
             cross join (values ('daily_freeze'), ('noted_registers'), ('monthly_set'), ('curve_day')) t (template)
             where $5::timestamptz is not null
            union
            select meter_id, template from due_read where read_at = $2 and recorded_at > $5 and recorded_at <= $3) k
     cross join lateral (
       select d.* from due_read d
        where d.meter_id = k.meter_id and d.template = k.template and d.read_at = $2 and d.recorded_at <= $3
          and ($4::text is null or d.template = $4)
       offset 0) d
      left join lateral (
       select r.source, r.recorded_at, r.frame_received_at from reading r
        where r.meter_id = d.meter_id and r.quantity = 1 and r.read_at = $2 and r.recorded_at <= $3 and d.template = 'daily_freeze'
       offset 0) r on true`

/** Expressions of a `with`: due points of a span less such as were read at the first pass without doubt, what serves them and what was tried. */
export const servedSql = `${doubtedSql},
  candidate as materialized (
    select * from (${untalliedSql}
    union all${talliedSql}) c
     where (c.meter_id, c.template, c.read_at) not in (select meter_id, template, read_at from void)),
  served as materialized (
    select distinct on (meter_id, template, read_at) meter_id, template, read_at, source, served_at
      from (select meter_id, template, read_at, source, served_at, told_at, null::timestamptz as withdrawn_at
              from candidate where source is not null
            union all
            select s.* from served_otherwise($1, $2) s join candidate c using (meter_id, template, read_at) where s.served_at <= $3
            union all
            -- What the right meter says after all is another claim of the same key.
            select c.meter_id, c.template, c.read_at, k.source, k.recorded_at, coalesce(k.frame_received_at, k.recorded_at), null
              from candidate c join reading_claim k on k.meter_id = c.meter_id and k.quantity = 1 and k.read_at = c.read_at
             where c.template = 'daily_freeze' and k.read_at > $1 and k.read_at <= $2 and k.recorded_at <= $3
               and c.meter_id in (select meter_id from misaddressed)) claims
     where (withdrawn_at is null or withdrawn_at > $3)
       and not exists (select from misaddressed w
                        where w.meter_id = claims.meter_id and claims.source <= ${readingSources.live}
                          and claims.told_at > w.told_from and claims.told_at <= w.told_until)
     order by meter_id, template, read_at, served_at, source),
  attempted as materialized (
    select meter_id, template, read_at, array_agg(distinct f.cause order by f.cause) as causes,
           count(distinct floor(extract(epoch from f.failed_at - f.read_at) / 86400))::integer as failed_windows,
           bool_or(f.cause = 'no_freeze' and f.failed_at >= f.read_at + interval '1 day') as late_no_freeze,
           min(f.failed_at) as first_failed_at
      from candidate c join failed_read f using (meter_id, template, read_at) left join served s using (meter_id, template, read_at)
     where f.read_at > $1 and f.read_at <= $2
       and coalesce(f.recorded_at, f.failed_at) <= $3 and (s.served_at is null or f.failed_at <= s.served_at)
     group by meter_id, template, read_at)`

/** Of what an estimate, or a visit, settles: the registers of a midnight. It brings no curve and no demand. */
export const registerTemplates = `('daily_freeze', 'noted_registers')`

/**
 * How a candidate `c` stands that `s` serves after attempts `a`; null where nothing serves it. What is stored after its window was over was
 * caught up with, whatever kept it: the meter, the concentrator, a node's disk.
 */
export const servedOutcomeSql = `case
             when s.source is not null and c.template = 'noted_registers' then 'first_pass'
             when s.source = 2 then 'back_filled'
             when s.source in (5, 6, 8) then 'field_read'
             when s.served_at > ${windowEndSql('c.template', 'c.read_at')} then 'back_filled'
             when s.source is not null and a.causes is not null then 'retried'
             when s.source is not null then 'first_pass'
           end`

/** The same up to `judged`, each point with its outcome: its state, and of what is read how it was got. */
export const judgedSql = `${servedSql},
  judged as materialized (
    select c.meter_id, c.template, c.read_at, c.usage_point_id, c.line_id, c.laid_at, s.served_at, x.excuse,
           a.causes, a.failed_windows, a.late_no_freeze, a.first_failed_at,
           case x.state when 'read' then ${servedOutcomeSql} else x.state end as outcome
      from candidate c
      left join served s using (meter_id, template, read_at)
      left join attempted a using (meter_id, template, read_at)
     cross join lateral due_point_state($3, c.meter_id, c.template, c.usage_point_id, c.line_id, c.read_at, s.source is not null) x)`
