import { groupBy } from '../../domain/group-by.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { demandsKey, type ProofClient } from './proof-client.js'
import type { AskedDemands, ProofBehindRow, ProofDemandRow } from './proof-rows.js'

export type { AskedDemands, ProofBehindRow, ProofDemandRow } from './proof-rows.js'

/** A further quantity of an account as a freeze has it; kWh, kvarh or kW e4 after the multiplier. */
export interface ProofQuantityRow {
  readonly account_id: bigint
  readonly quantity: string
  readonly unit: 'kWh' | 'kvarh' | 'kW'
  readonly total_e4: bigint
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
  readonly moment: Instant | null
  readonly basis: string
  readonly meter_ids: readonly bigint[]
  readonly multipliers: readonly number[]
  readonly start_reads: readonly Instant[]
  readonly end_reads: readonly Instant[]
}

/** Those of accounts that are known; what relations give or take is no quantity of the account's own meters. */
export async function findProofQuantities(
  client: Queryable,
  setId: bigint,
  accountIds: readonly bigint[],
): Promise<readonly ProofQuantityRow[]> {
  return client.query<ProofQuantityRow>(
    `select account_id, quantity, unit, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, moment, basis, meter_ids, multipliers, start_reads, end_reads
       from determinant_quantity
      where set_id = $1 and account_id = any($2::bigint[]) and missing is null and other_point_id = usage_point_id
      order by account_id, quantity`,
    [setId, accountIds],
  )
}

/** Demands that the settlements of a meter left, as known at an instant; of equal claims the first. In their order. */
export async function findProofDemands(
  client: ProofClient,
  asked: AskedDemands,
  knownAt: Instant,
): Promise<readonly ProofDemandRow[]> {
  const known = client.ahead?.demands.get(demandsKey(asked))
  return known ?? (await findDemandsOfMany(client, [asked], knownAt)).get(demandsKey(asked)) ?? []
}

/** The same of many meters, by `demandsKey`. */
export async function findDemandsOfMany(
  client: Queryable,
  asked: readonly AskedDemands[],
  knownAt: Instant,
): Promise<ReadonlyMap<string, readonly ProofDemandRow[]>> {
  if (asked.length === 0) return new Map()
  const rows = await client.query<ProofDemandRow & { readonly place: number }>(
    `select distinct on (k.place, d.settled_at) k.place::integer as place, d.meter_id, d.settled_at, d.total_e4, d.tou1_e4, d.tou2_e4, d.tou3_e4, d.tou4_e4, d.total_at,
            l.code as line_code, f.line_sequence, f.received_at, f.protocol, f.request,
            case when d.frame_offset is null then f.response else substring(f.response from d.frame_offset + 1 for d.frame_length) end as response
       from unnest($1::bigint[], $2::smallint[], $3::timestamptz[], $4::timestamptz[]) with ordinality k (meter_id, quantity, after, upto, place)
       join demand_reading d on d.meter_id = k.meter_id and d.quantity = k.quantity and d.settled_at > k.after and d.settled_at <= k.upto and d.recorded_at <= $5
       left join frame f on f.line_id = d.line_id and f.line_sequence = d.line_sequence and f.received_at = d.frame_received_at
       left join line l on l.line_id = f.line_id
      order by k.place, d.settled_at, d.frame_received_at, d.claim_digest`,
    [
      asked.map(({ meterId }) => meterId),
      asked.map(({ quantity }) => quantity),
      asked.map(({ after }) => toTimestamptz(after)),
      asked.map(({ to }) => toTimestamptz(to)),
      toTimestamptz(knownAt),
    ],
  )
  const byPlace = groupBy(rows, ({ place }) => place)
  return new Map(asked.map((one, index) => [demandsKey(one), byPlace.get(index + 1) ?? []]))
}

/** A freeze over [from, to). */
export interface BehindAsked {
  readonly setId: bigint
  readonly from: Instant
  readonly to: Instant
  readonly knownAt: Instant
}

/** The usage points behind the transformer of one of them over a freeze, in their order. */
export async function findProofTransformer(
  client: ProofClient,
  usagePointId: bigint,
  asked: BehindAsked,
): Promise<readonly ProofBehindRow[]> {
  const known = client.ahead?.transformers.get(usagePointId)
  return known ?? (await findTransformersOfMany(client, [usagePointId], asked)).get(usagePointId) ?? []
}

/**
 * The same of many usage points. What went through a meter that a parent behind the same transformer counts too is zero, as the freeze has
 * it; of a point without a meter as well.
 */
export async function findTransformersOfMany(
  client: Queryable,
  points: readonly bigint[],
  { setId, from, to, knownAt }: BehindAsked,
): Promise<ReadonlyMap<bigint, readonly ProofBehindRow[]>> {
  if (points.length === 0) return new Map()
  const rows = await client.query<ProofBehindRow & { readonly asked: bigint }>(
    `with behind as (
       select t.* from transformer_timeline t
         join (select usage_point_id, max(revision) as revision from transformer_timeline where recorded_at <= $5 group by usage_point_id) r
           using (usage_point_id, revision)
        where t.metering_side = 'low' and t.effective_from < $4 and coalesce(t.effective_to, 'infinity') > $3),
     seen as (
       select t.usage_point_id as child_id, t.parent_id from relation_timeline t
         join (select usage_point_id, max(revision) as revision from relation_timeline where recorded_at <= $5 group by usage_point_id) r
           using (usage_point_id, revision)
        where t.kind in ('main_sub', 'deducted') and t.effective_from < $4 and coalesce(t.effective_to, 'infinity') > $3)
     select o.usage_point_id as asked, u.code as point, t.usage_point_id = o.usage_point_id as is_own, t.transformer_code, t.rated_kva, t.no_load_loss_kw_e4,
            t.load_loss_kw_e4, t.no_load_current_e4, t.impedance_e4, d.energy_e4 as borne_e4,
            coalesce(case when x.is_seen then 0 else q.active_e4 end, 0)::bigint as active_e4,
            coalesce(case when x.is_seen then 0 else coalesce(q.factor_e4, 0) - coalesce(q.loss_e4, 0) end, 0)::bigint as reactive_e4
       from behind o
       join behind t using (transformer_code)
       join usage_point u on u.usage_point_id = t.usage_point_id
       join determinant d on d.set_id = $1 and d.usage_point_id = t.usage_point_id
      cross join lateral (
         select exists (select from seen s join behind p on p.usage_point_id = s.parent_id and p.transformer_code = t.transformer_code
                         where s.child_id = t.usage_point_id) as is_seen) x
       left join lateral (
         select sum(total_e4) filter (where quantity = 'active_energy') as active_e4,
                sum(total_e4) filter (where quantity = 'power_factor_reactive') as factor_e4,
                sum(total_e4) filter (where quantity = 'loss_reactive' and exists (
                  select from determinant_quantity f where (f.set_id, f.account_id, f.quantity) = ($1, d.account_id, 'power_factor_reactive'))) as loss_e4
           from determinant_quantity where (set_id, account_id) = ($1, d.account_id)) q on true
      where o.usage_point_id = any($2::bigint[])
      order by o.usage_point_id, t.usage_point_id`,
    [setId, points, toTimestamptz(from), toTimestamptz(to), toTimestamptz(knownAt)],
  )
  const byPoint = groupBy(rows, ({ asked }) => asked)
  return new Map(points.map((point) => [point, byPoint.get(point) ?? []]))
}
