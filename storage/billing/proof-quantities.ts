import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

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

/** What a settlement event left, kW e4 before the multiplier, with the frame that said so. */
export interface ProofDemandRow {
  readonly meter_id: bigint
  readonly settled_at: Instant
  readonly total_e4: bigint
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
  readonly total_at: Instant | null
  readonly line_code: string | null
  readonly line_sequence: bigint | null
  readonly received_at: Instant | null
  readonly protocol: string | null
  readonly request: Buffer | null
  readonly response: Buffer | null
}

/** Demands that settlements of these meters in (after, to] left, as known at an instant; of equal claims the first. By meter and settlement. */
export async function findProofDemands(
  client: Queryable,
  quantity: number,
  meterIds: readonly bigint[],
  { after, to, knownAt }: { readonly after: Instant; readonly to: Instant; readonly knownAt: Instant },
): Promise<readonly ProofDemandRow[]> {
  return client.query<ProofDemandRow>(
    `select distinct on (d.meter_id, d.settled_at) d.meter_id, d.settled_at, d.total_e4, d.tou1_e4, d.tou2_e4, d.tou3_e4, d.tou4_e4, d.total_at,
            l.code as line_code, f.line_sequence, f.received_at, f.protocol, f.request,
            case when d.frame_offset is null then f.response else substring(f.response from d.frame_offset + 1 for d.frame_length) end as response
       from demand_reading d
       left join frame f on f.line_id = d.line_id and f.line_sequence = d.line_sequence and f.received_at = d.frame_received_at
       left join line l on l.line_id = f.line_id
      where d.meter_id = any($1::bigint[]) and d.quantity = $2 and d.settled_at > $3 and d.settled_at <= $4 and d.recorded_at <= $5
      order by d.meter_id, d.settled_at, d.frame_received_at, d.claim_digest`,
    [meterIds, quantity, toTimestamptz(after), toTimestamptz(to), toTimestamptz(knownAt)],
  )
}

/** A usage point behind a transformer, with what its one account used in a freeze; the plate is the same for all of them. Scales as in the registry. */
export interface ProofBehindRow {
  readonly point: string
  readonly is_own: boolean
  readonly transformer_code: string
  readonly rated_kva: number
  readonly no_load_loss_kw_e4: bigint
  readonly load_loss_kw_e4: bigint
  readonly no_load_current_e4: bigint | null
  readonly impedance_e4: bigint | null
  /** kWh and kvarh e4: what is billed, and what went through its meter. */
  readonly borne_e4: bigint
  readonly active_e4: bigint
  readonly reactive_e4: bigint
}

export interface BehindAsked {
  readonly setId: bigint
  readonly usagePointId: bigint
  readonly from: Instant
  readonly to: Instant
  readonly knownAt: Instant
}

/** The usage points behind the transformer of one of them over a freeze, in their order; none where relations lie between them. */
export async function findProofTransformer(
  client: Queryable,
  { setId, usagePointId, from, to, knownAt }: BehindAsked,
): Promise<readonly ProofBehindRow[]> {
  return client.query<ProofBehindRow>(
    `with behind as (
       select t.* from transformer_timeline t
         join (select usage_point_id, max(revision) as revision from transformer_timeline where recorded_at <= $5 group by usage_point_id) r
           using (usage_point_id, revision)
        where t.metering_side = 'low' and t.effective_from < $4 and coalesce(t.effective_to, 'infinity') > $3),
     own as (
       select o.transformer_code, u.usage_point_id, u.code, t.rated_kva, t.no_load_loss_kw_e4, t.load_loss_kw_e4, t.no_load_current_e4, t.impedance_e4,
              d.energy_e4, d.account_id
         from behind o join behind t using (transformer_code)
         join usage_point u on u.usage_point_id = t.usage_point_id
         left join determinant d on d.set_id = $1 and d.usage_point_id = t.usage_point_id
        where o.usage_point_id = $2)
     select code as point, usage_point_id = $2 as is_own, transformer_code, rated_kva, no_load_loss_kw_e4, load_loss_kw_e4, no_load_current_e4, impedance_e4,
            energy_e4 as borne_e4, coalesce(q.active_e4, 0)::bigint as active_e4, (coalesce(q.factor_e4, 0) - coalesce(q.loss_e4, 0))::bigint as reactive_e4
       from own
       left join lateral (
         select sum(total_e4) filter (where quantity = 'active_energy') as active_e4,
                sum(total_e4) filter (where quantity = 'power_factor_reactive') as factor_e4,
                sum(total_e4) filter (where quantity = 'loss_reactive' and exists (
                  select from determinant_quantity f where (f.set_id, f.account_id, f.quantity) = ($1, own.account_id, 'power_factor_reactive'))) as loss_e4
           from determinant_quantity where (set_id, account_id) = ($1, own.account_id)) q on true
      where not exists (select from own x where x.account_id is null
                           or exists (select from determinant_quantity r where (r.set_id, r.account_id) = ($1, x.account_id)
                                       and (r.other_point_id <> r.usage_point_id or r.quantity = 'relation_common')))
      order by own.usage_point_id`,
    [setId, usagePointId, toTimestamptz(from), toTimestamptz(to), toTimestamptz(knownAt)],
  )
}
