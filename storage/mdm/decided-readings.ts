import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Where and when decisions of people changed what is believed: all of time between the first instant and the last, both included. */
export interface DecidedReach {
  readonly usagePointIds: readonly bigint[]
  readonly meterIds: readonly MeterId[]
  readonly from: Instant
  readonly to: Instant
}

/**
 * What applied decisions changed: readings that have another value, or none any more, and accounts whose hold was answered. Decisions that
 * only wait or send somebody change nothing. Null: none of them did.
 */
export async function reachOfDecisions(
  client: Queryable,
  decisionIds: readonly string[],
): Promise<DecidedReach | null> {
  const [row] = await client.query<{
    readonly points: readonly bigint[] | null
    readonly meters: readonly bigint[] | null
    readonly from_at: Instant | null
    readonly to_at: Instant | null
  }>(
    `select array_agg(distinct x.usage_point_id) as points, array_agg(distinct x.meter_id) filter (where x.meter_id is not null) as meters,
            min(coalesce(x.read_at, x.period_start + interval '1 millisecond')) as from_at,
            max(coalesce(x.read_at, x.period_end - interval '1 millisecond')) as to_at
       from exception_effect f
       join exception x using (exception_key)
       join exception_decision d using (decision_id)
       left join exception_decision u on u.decision_id = d.undoes
      where f.decision_id = any($1::uuid[]) and f.outcome = 'applied' and x.usage_point_id is not null
        and (f.validation_revision is not null
             or (x.kind = 'determinant_hold' and coalesce(u.action, d.action) in ('accept', 'reject')))`,
    [decisionIds],
  )
  if (row === undefined || row.points === null || row.from_at === null || row.to_at === null) return null
  return { usagePointIds: row.points, meterIds: row.meters ?? [], from: row.from_at, to: row.to_at }
}

/** Decisions that took effect and after which nothing was done anew yet: this one's, and those of whoever was interrupted. */
export async function decisionsToFollowUp(client: Queryable): Promise<readonly string[]> {
  const rows = await client.query<{ readonly id: string }>(
    `select distinct f.decision_id as id from exception_effect f
      where not exists (select from exception_decision_redo r where r.decision_id = f.decision_id) order by 1`,
  )
  return rows.map(({ id }) => id)
}

export async function insertFollowedUp(
  client: Queryable,
  decisionIds: readonly string[],
  recordedAt: Instant,
): Promise<void> {
  await client.execute(
    'insert into exception_decision_redo select id, $2 from unnest($1::uuid[]) id on conflict do nothing',
    [decisionIds, toTimestamptz(recordedAt)],
  )
}
