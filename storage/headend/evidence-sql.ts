import { windowEndSql } from './due-windows.js'
import { registerTemplates } from './judged-points.js'

// Parameters as in judged-points.ts, then $7 how long a meter is new in ms, $8 the instant of looking. Needs `judged` and `cell` before it.

/** What a whole line tells of each of its points. */
export const evidenceSql = `
  night as materialized (
    select n.*, n.read_in_time or (not n.attended and n.caught_up) as neighbour_read from (
    select g.line_id, g.template, g.read_at, g.window_end,
           due.points > 1 as has_neighbours,
           due.points > g.missed as read_in_time, g.caught_up,
           due.points > g.missed or coalesce(g.first_failed_at <= g.window_end, false)
             or exists (select from line_statistics s
                         where s.line_id = g.line_id and s.window_start >= g.read_at and s.window_start < g.window_end
                           and s.recorded_at <= $3) as attended,
           l.kind = 'mqtt_concentrator' as concentrator,
           case when l.kind = 'mqtt_concentrator' then (select there from concentrator_presence($3, g.line_id, g.read_at, g.window_end))
                else false end as contact
      from (select line_id, template, read_at, ${windowEndSql('template', 'read_at')} as window_end, min(first_failed_at) as first_failed_at,
                   count(*) filter (where outcome not in ('first_pass', 'retried')) as missed, bool_or(served_at is not null) as caught_up
              from judged group by line_id, template, read_at) g
      join (select line_id, template, read_at, sum(points) as points from cell group by line_id, template, read_at) due
     using (line_id, template, read_at)
      join line l using (line_id)) n),
  -- Materialised before anything is picked out of it: how few the planner takes the points to be must not make it compare each with each line.
  placed as materialized (
    select j.*, n.window_end, n.attended, n.neighbour_read, n.has_neighbours, n.concentrator, n.contact
      from judged j join night n using (line_id, template, read_at) where j.outcome <> 'first_pass'),
  fault as materialized (
    select line_id, meter_id from concentrator_table_fault
     where reported_at > $1 and reported_at <= least($3, $2::timestamptz + interval '1 day')),
  explained as (
    select j.meter_id, j.template, j.read_at, j.usage_point_id, j.line_id, u.transformer_area_id, u.organisation_id, j.outcome, j.excuse, j.causes,
           coalesce(j.late_no_freeze, false) as late_no_freeze, least(j.failed_windows, 9) as failed_windows,
           $8::timestamptz >= j.window_end as window_over,
           j.attended, j.neighbour_read, j.has_neighbours, j.contact, j.served_at is not null as served,
           exists (select from planned_outage o
                    where o.recorded_at <= least($3, o.starts_at) and (o.line_id = j.line_id or o.transformer_area_id = u.transformer_area_id)
                      and o.starts_at <= j.window_end and o.ends_at > j.read_at) as planned_outage,
           coalesce(case when j.concentrator then (select fault from concentrator_table_state($3, j.window_end, j.line_id, j.meter_id)) end,
                    case when (j.line_id, j.meter_id) in (select line_id, meter_id from fault) then 'reported_elsewhere' end) as table_fault,
           case when j.concentrator then (select doubted from clock_doubt_as_of($3, j.meter_id, j.read_at)) else false end as clock_doubt,
           case when exists (select from installation_timeline t
                              where t.meter_id = j.meter_id and t.recorded_at <= $3
                                and t.effective_from > j.read_at - $7 * interval '1 millisecond')
                then not exists (select from reading r
                                  where r.meter_id = j.meter_id and r.quantity = 1 and r.read_at <= j.read_at
                                    and r.read_at > j.read_at - $7 * interval '1 millisecond' and r.recorded_at <= $3
                                    and r.recorded_at <= j.window_end)
                else false end as never_read,
           j.laid_at >= j.window_end as told_late,
           o.due_at as order_due_at, q.outcome as order_outcome
      from placed j
      join usage_point u using (usage_point_id)
      left join field_order o on j.outcome = 'open' and j.template in ${registerTemplates} and o.meter_id = j.meter_id and o.read_at = j.read_at and o.recorded_at <= $3
      left join field_order_result q on q.field_order_id = o.field_order_id and q.recorded_at <= $3)`

/** Crews own areas as of the instant of looking. */
export const ownerSql = `
  owner as materialized (
    select a.transformer_area_id, a.code as area_code, c.code as crew_code
      from transformer_area a
      left join lateral (
        select t.crew_id from crew_area_timeline t
         where t.transformer_area_id = a.transformer_area_id and t.recorded_at <= $3 and t.effective_from <= $8
           and (t.effective_to is null or t.effective_to > $8)
           and not exists (select from crew_area_timeline n where n.transformer_area_id = t.transformer_area_id
                              and n.revision > t.revision and n.recorded_at <= $3)) t on true
      left join crew c using (crew_id))`

export const evidenceColumns = `outcome, excuse, causes, late_no_freeze, planned_outage, window_over, attended, neighbour_read, has_neighbours,
           contact, table_fault, clock_doubt, never_read, told_late, served, failed_windows, order_due_at, order_outcome`
