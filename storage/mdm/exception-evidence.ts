import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface MeterKey {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
}

/** The last decision on one key of a meter, or, where none was made yet, its first claim. */
export interface HistoryRow {
  readonly readAt: Instant
  readonly verdict: 'accepted' | 'estimated' | 'held' | 'undecided'
  /** What was decided, or for a held key what its most trusted claim says. */
  readonly totalE4: bigint | null
  readonly rules: readonly string[]
  readonly decidedBy: string | null
}

/** Keys of [from, to) in order, at most `limit` of the latest. */
export async function readHistory(
  client: Queryable,
  { meterId, quantity }: MeterKey,
  { from, to, limit }: { readonly from: Instant; readonly to: Instant; readonly limit: number },
): Promise<readonly HistoryRow[]> {
  const rows = await client.query<HistoryRow>(
    `with decided as (
       select distinct on (read_at) read_at, verdict, total_e4, rules, decided_by from validation_decision
        where meter_id = $1 and quantity = $2 and read_at >= $3 and read_at < $4 order by read_at, revision desc),
     claimed as (
       select distinct on (read_at) read_at, total_e4 from reading_claims
        where meter_id = $1 and quantity = $2 and read_at >= $3 and read_at < $4
        order by read_at, source = 5 desc, source, total_e4)
     select read_at as "readAt", coalesce(d.verdict, 'undecided') as verdict, coalesce(d.total_e4, c.total_e4) as "totalE4",
            coalesce(d.rules, '{}') as rules, d.decided_by as "decidedBy"
       from decided d full join claimed c using (read_at) order by read_at desc limit $5`,
    [meterId, quantity, toTimestamptz(from), toTimestamptz(to), limit],
  )
  return rows.toReversed()
}

export interface Neighbour {
  readonly meterCode: string
  readonly supplyAddress: string
  readonly usageE4: bigint
}

/** What other meters of the area counted over the day up to `readAt`, by address. */
export function readNeighboursOfDay(
  client: Queryable,
  { meterId, quantity, readAt }: MeterKey,
  limit: number,
): Promise<readonly Neighbour[]> {
  const accepted = (alias: string, instant: string) => `
    join lateral (select v.total_e4 from validation_decision v
                   where v.meter_id = i.meter_id and v.quantity = $2 and v.read_at = ${instant} and v.verdict = 'accepted'
                   order by v.revision desc limit 1) ${alias} on true`
  return client.query<Neighbour>(
    `with mine as (
       select u.transformer_area_id from installation_as_of('infinity', $3) i join usage_point u using (usage_point_id)
        where i.meter_id = $1)
     select m.code as "meterCode", u.supply_address as "supplyAddress", e.total_e4 - b.total_e4 as "usageE4"
       from mine join usage_point u using (transformer_area_id)
       join installation_as_of('infinity', $3) i on i.usage_point_id = u.usage_point_id and i.meter_id <> $1
       join meter m on m.meter_id = i.meter_id
       ${accepted('e', '$3::timestamptz')}
       ${accepted('b', "$3::timestamptz - interval '1 day'")}
      where e.total_e4 >= b.total_e4
      order by u.supply_address, m.code limit $4`,
    [meterId, quantity, toTimestamptz(readAt), limit],
  )
}

/** Since when the multiplier that holds at `at` holds, where another one held before it; null otherwise. */
export async function multiplierChange(client: Queryable, usagePointId: bigint, at: Instant): Promise<Instant | null> {
  const [row] = await client.query<{ readonly effective_from: Instant }>(
    `select m.effective_from from multiplier_as_of('infinity', $2) m
      where m.usage_point_id = $1
        and exists (select from multiplier_timeline p
                     where p.usage_point_id = m.usage_point_id and p.revision = m.revision and p.effective_from < m.effective_from)`,
    [usagePointId, toTimestamptz(at)],
  )
  return row?.effective_from ?? null
}

export interface EventRow {
  readonly ordinal: number
  readonly event: 'opened' | 'closed'
  readonly detail: string
  readonly recordedAt: Instant
  readonly action: string | null
  readonly actor: string | null
  readonly approvers: readonly string[]
}

/** Everything that became of an exception so far, in order. */
export function readEvents(client: Queryable, exceptionKey: string): Promise<readonly EventRow[]> {
  return client.query<EventRow>(
    `select e.ordinal, e.event, e.detail, e.recorded_at as "recordedAt", d.action, d.actor_id as actor,
            array(select a.approver::text from exception_decision_approval a where a.decision_id = d.decision_id order by 1) as approvers
       from exception_event e left join exception_decision d using (decision_id)
      where e.exception_key = $1 order by e.ordinal`,
    [exceptionKey],
  )
}
