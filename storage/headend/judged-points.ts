import { windowEndSql } from './due-windows.js'

// $1 after, $2 through, $3 known at, $4 template or null, $5 the tally of the midnight $2 or null, $6 windows by template.
// Sources as in domain/reading.ts: 1 scheduled, 2 backfill, 3 on demand, 4 live, 5 field, 6 exchange, 8 imported.

/** What is looked at point by point. The planner knows the parameters, and drops what they leave nothing of. */
export const isUntallied = (readAt: string): string =>
  `${readAt} > $1 and ${readAt} <= $2 and ($5::timestamptz is null or ${readAt} < $2)`

/** Points that were surely read at the first pass fall out in the first join. */
const untalliedSql = `
    select d.meter_id, d.template, d.read_at, d.usage_point_id, d.line_id, d.recorded_at as laid_at,
           r.source, r.recorded_at as served_at
      from due_read d
      left join reading r on r.meter_id = d.meter_id and r.quantity = 1 and r.read_at = d.read_at
       and ${isUntallied('r.read_at')} and r.recorded_at <= $3 and d.template = 'daily_freeze'
      left join (select meter_id, template, read_at, min(failed_at) as first_at from failed_read
                  where ${isUntallied('read_at')} and coalesce(recorded_at, failed_at) <= $3
                  group by meter_id, template, read_at) f
        on f.meter_id = d.meter_id and f.template = d.template and f.read_at = d.read_at
     where ${isUntallied('d.read_at')} and d.recorded_at <= $3 and ($4::text is null or d.template = $4)
       and (r.meter_id is null or r.source = 2 or r.recorded_at > ${windowEndSql("'daily_freeze'", 'd.read_at')} or f.first_at <= r.recorded_at
            or d.meter_id in (select meter_id from manual_reading where ${isUntallied('read_at')}))`

/**
 * Of a tallied midnight, whatever may not have been read at the first pass: what the tally lists, what failed or was noted at any time
 * (it may have become known since), and what was laid down since. All others had a value by then, and had it at the first pass.
 */
const talliedSql = `
    select d.meter_id, d.template, d.read_at, d.usage_point_id, d.line_id, d.recorded_at, r.source, r.recorded_at
      from (select meter_id, template from night_tally_rest where read_at = $2 and tallied_at = $5
            union
            select meter_id, template from failed_read where $5::timestamptz is not null and read_at = $2 and coalesce(recorded_at, failed_at) <= $3
            union
            select m.meter_id, t.template
              from manual_reading m cross join (values ('daily_freeze'), ('noted_registers')) t (template)
             where $5::timestamptz is not null and m.read_at = $2
            union
            select meter_id, template from due_read where read_at = $2 and recorded_at > $5 and recorded_at <= $3) k
     cross join lateral (
       select d.* from due_read d
        where d.meter_id = k.meter_id and d.template = k.template and d.read_at = $2 and d.recorded_at <= $3
          and ($4::text is null or d.template = $4)
       offset 0) d
      left join lateral (
       select r.source, r.recorded_at from reading r
        where r.meter_id = d.meter_id and r.quantity = 1 and r.read_at = $2 and r.recorded_at <= $3 and d.template = 'daily_freeze'
       offset 0) r on true`

/** Expressions of a `with`: due points of a span less such as were read at the first pass without doubt, what serves them and what was tried. */
export const servedSql = `
  candidate as materialized (${untalliedSql}
    union all${talliedSql}),
  served as materialized (
    select distinct on (meter_id, template, read_at) meter_id, template, read_at, source, served_at
      from (select meter_id, template, read_at, source, served_at from candidate where source is not null
            union all
            select s.meter_id, s.template, s.read_at, s.source, s.served_at
              from served_otherwise($1, $2) s join candidate c using (meter_id, template, read_at)
             where s.served_at <= $3) claims
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

/** The same up to `judged`, each point with its outcome. */
export const judgedSql = `${servedSql},
  judged as materialized (
    select c.meter_id, c.template, c.read_at, c.usage_point_id, c.line_id, c.laid_at, s.served_at, x.excuse,
           a.causes, a.failed_windows, a.late_no_freeze, a.first_failed_at,
           coalesce(${servedOutcomeSql},
                    case when e.estimated then 'estimated' when x.excuse is not null then 'exempt' else 'open' end) as outcome
      from candidate c
      left join served s using (meter_id, template, read_at)
      left join attempted a using (meter_id, template, read_at)
      left join lateral (
        select v.verdict = 'estimated' as estimated from validation_decision v
         where s.source is null and c.template in ${registerTemplates} and v.meter_id = c.meter_id and v.quantity = 1 and v.read_at = c.read_at and v.recorded_at <= $3
         order by v.revision desc limit 1) e on true
     -- A case, so that what has a value is not asked for its excuse; an offset, so that both columns share the answer.
     cross join lateral (
        select case when s.source is null
                    then (select excuse from due_excuse($3, c.meter_id, c.usage_point_id, c.line_id, c.read_at)) end as excuse
        offset 0) x)`
