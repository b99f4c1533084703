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
