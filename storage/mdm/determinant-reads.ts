import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** What a set says of an account: its determinant, or why it is held. */
export interface StoredDeterminant {
  readonly set_id: bigint
  readonly revision: number
  readonly recorded_at: Instant
  readonly digest: Buffer
  readonly organisation: string
  readonly account_id: bigint
  readonly account: string
  readonly usage_point: string | null
  readonly tariff_code: string | null
  readonly settlement_kind: string | null
  readonly period_start: Instant
  readonly period_end: Instant
  readonly energy_e4: bigint | null
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
  readonly meter_ids: readonly bigint[] | null
  readonly multipliers: readonly number[] | null
  readonly start_reads: readonly Instant[] | null
  readonly end_reads: readonly Instant[] | null
  readonly hold_code: string | null
  readonly hold_detail: string | null
  /** The last freeze of the same period, where it does not name the account any more; null where this one is the last. */
  readonly gone_set_id: bigint | null
  readonly gone_revision: number | null
  readonly gone_at: Instant | null
}

export interface DeterminantQuery {
  readonly account: string
  readonly from: Instant
  readonly to: Instant
  /** Freezes up to this instant, itself included. */
  readonly knownAt: Instant
}

/** The account in the last freeze of a period that names it, of those that were known. */
export async function findStoredDeterminant(
  client: Queryable,
  { account, from, to, knownAt }: DeterminantQuery,
): Promise<StoredDeterminant | null> {
  const [row] = await client.query<StoredDeterminant>(
    `select s.set_id, s.revision, s.recorded_at, s.digest, o.code as organisation, a.account_id, a.code as account, u.code as usage_point,
            d.tariff_code, d.settlement_kind, coalesce(d.period_start, s.period_start) as period_start,
            coalesce(d.period_end, s.period_end) as period_end, d.energy_e4, d.tou1_e4, d.tou2_e4, d.tou3_e4, d.tou4_e4,
            d.meter_ids, d.multipliers, d.start_reads, d.end_reads, h.code as hold_code, h.detail as hold_detail,
            n.set_id as gone_set_id, n.revision as gone_revision, n.recorded_at as gone_at
       from account a
       join determinant_set s on s.period_start = $2 and s.period_end = $3
       join organisation o on o.organisation_id = s.organisation_id
       left join determinant d on (d.set_id, d.account_id) = (s.set_id, a.account_id)
       left join determinant_hold h on (h.set_id, h.account_id) = (s.set_id, a.account_id)
       left join usage_point u on u.usage_point_id = d.usage_point_id
       left join lateral (
         select l.set_id, l.revision, l.recorded_at from determinant_set l
          where (l.organisation_id, l.period_start, l.period_end) = (s.organisation_id, s.period_start, s.period_end)
            and l.revision > s.revision and l.recorded_at <= $4
          order by l.revision desc limit 1) n on true
      where a.code = $1 and (d.account_id is not null or h.account_id is not null) and s.recorded_at <= $4
      order by s.recorded_at desc, s.set_id desc limit 1`,
    [account, toTimestamptz(from), toTimestamptz(to), toTimestamptz(knownAt)],
  )
  return row ?? null
}

export interface StoredQuantity {
  readonly quantity: string
  readonly other_point: string
  readonly unit: string
  readonly total_e4: bigint | null
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
  readonly moment: Instant | null
  readonly missing: string | null
  readonly basis: string
  readonly instead_of: string | null
  readonly meters: readonly string[]
  readonly multipliers: readonly number[]
  readonly start_reads: readonly Instant[]
  readonly end_reads: readonly Instant[]
  readonly start_revisions: readonly (number | null)[]
  readonly end_revisions: readonly (number | null)[]
  readonly start_origins: readonly string[]
  readonly end_origins: readonly string[]
}

export async function readStoredQuantities(
  client: Queryable,
  setId: bigint,
  accountId: bigint,
): Promise<readonly StoredQuantity[]> {
  return client.query<StoredQuantity>(
    `select q.quantity, u.code as other_point, q.unit, q.total_e4, q.tou1_e4, q.tou2_e4, q.tou3_e4, q.tou4_e4, q.moment, q.missing, q.basis, q.instead_of,
            array(select m.code::text from unnest(q.meter_ids) with ordinality k (meter_id, place) join meter m using (meter_id) order by k.place) as meters,
            q.multipliers, q.start_reads, q.end_reads, q.start_revisions, q.end_revisions, q.start_origins, q.end_origins
       from determinant_quantity q join usage_point u on u.usage_point_id = q.other_point_id
      where q.set_id = $1 and q.account_id = $2 order by q.quantity, u.code`,
    [setId, accountId],
  )
}

/** A boundary with the decision that stood when the set was frozen. */
export interface StoredBoundary {
  readonly meter_id: bigint
  readonly meter: string
  readonly read_at: Instant
  readonly revision: number
  readonly verdict: string
  readonly source: number | null
  readonly total_e4: bigint | null
  readonly rules: readonly string[]
  readonly reason: string
  readonly decided_by: string | null
  readonly document: string | null
  readonly noted_by: string | null
}

export async function readStoredBoundaries(
  client: Queryable,
  meterIds: readonly bigint[],
  reads: readonly Instant[],
  frozenAt: Instant,
): Promise<readonly StoredBoundary[]> {
  return client.query<StoredBoundary>(
    `select d.meter_id, m.code as meter, d.read_at, d.revision, d.verdict, d.source, d.total_e4, d.rules, d.reason, d.decided_by,
            n.document, n.actor_id as noted_by
       from unnest($1::bigint[], $2::timestamptz[]) b (meter_id, read_at)
       join meter m on m.meter_id = b.meter_id
      cross join lateral (
        select * from validation_decision v
         where v.meter_id = b.meter_id and v.quantity = 1 and v.read_at = b.read_at and v.recorded_at <= $3
         order by v.revision desc limit 1) d
       left join lateral (
         select * from manual_reading r
          where (r.meter_id, r.quantity, r.read_at, r.source) = (d.meter_id, d.quantity, d.read_at, d.source) and r.recorded_at <= $3
             and (r.total_e4, r.tou1_e4, r.tou2_e4, r.tou3_e4, r.tou4_e4)
               is not distinct from (d.total_e4, d.tou1_e4, d.tou2_e4, d.tou3_e4, d.tou4_e4)
          order by r.revision desc limit 1) n on true`,
    [meterIds, reads.map(toTimestamptz), toTimestamptz(frozenAt)],
  )
}
