import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import type { RunState } from './runs.js'

/** A run as whoever closes a month sees it: what it came to, and who took each step. */
export interface CloseRunRow {
  readonly run_id: string
  readonly organisation: string
  readonly period_start: Instant
  readonly period_end: Instant
  readonly time_zone: string
  readonly state: RunState
  readonly accounting_date: string
  readonly due_date: string
  /** Accounts of its determinants, held ones included. */
  readonly accounts: number
  readonly segments: number
  /** Segments that have been rated; what follows is of these, by their last dry run. */
  readonly rated: number
  readonly bills: number
  readonly energy_e4: bigint
  readonly amount_fen: bigint
  /** Of the rated segments, in order. */
  readonly digests: readonly Buffer[]
  readonly issued: number
  readonly posted: number
  readonly states: readonly RunState[]
  readonly actors: readonly string[]
  readonly instants: readonly Instant[]
}

/** Runs by period and freeze, the latest first: of an organisation, or all. */
export function closeRuns(client: Queryable, organisation: string | null): Promise<readonly CloseRunRow[]> {
  return client.query<CloseRunRow>(
    `select r.run_id, o.code as organisation, r.period_start, r.period_end, o.time_zone, r.state,
            m.document->>'accountingDate' as accounting_date, m.document->>'dueDate' as due_date, d.account_count as accounts,
            s.segments, s.rated, s.bills, s.energy_e4, s.amount_fen, s.digests, s.issued, s.posted, e.states, e.actors, e.instants
       from billing_run r
       join organisation o using (organisation_id)
       join run_manifest m using (run_id)
       join determinant_set d using (set_id)
      cross join lateral (
        select count(*)::integer as segments, count(t.digest)::integer as rated, coalesce(sum(t.bill_count), 0)::integer as bills,
               coalesce(sum(t.energy_e4), 0)::bigint as energy_e4, coalesce(sum(t.amount_fen), 0)::bigint as amount_fen,
               coalesce(array_agg(t.digest order by g.segment_no) filter (where t.digest is not null), '{}') as digests,
               count(i.segment_id)::integer as issued, count(p.segment_id)::integer as posted
          from run_segment g
          left join lateral (select * from segment_result x where x.segment_id = g.segment_id order by x.attempt desc limit 1) t on true
          left join segment_issue i on i.segment_id = g.segment_id
          left join segment_posting p on p.segment_id = g.segment_id
         where g.run_id = r.run_id) s
      cross join lateral (
        select array_agg(v.state order by v.ordinal) as states, array_agg(v.actor_id order by v.ordinal) as actors,
               array_agg(v.recorded_at order by v.ordinal) as instants
          from billing_run_event v where v.run_id = r.run_id) e
      where $1::text is null or o.code = $1
      order by r.period_start desc, d.revision desc, length(r.run_id) desc, r.run_id desc`,
    [organisation],
  )
}
