import { quantities } from '../../domain/quantities.js'
import type { MeterId, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { insertRows, type Row } from '../insert-rows.js'
import { type RegisterColumns, toRegisters } from '../register-columns.js'
import { toTimestamptz } from '../type-parsers.js'
import type { FreezeQuery } from './freeze-segments.js'

export interface MeterInstant {
  readonly meterId: MeterId
  readonly at: Instant
}

/** What is decided of one quantity of a meter at an instant that was asked for. */
export interface DecidedQuantity extends MeterInstant {
  /** Stored number of the quantity, see domain/quantities.ts. */
  readonly quantity: number
  readonly readAt: Instant
  /** Null for registers of a settlement, which nobody decides. */
  readonly revision: number | null
  readonly verdict: string
  readonly source: number | null
  /** Null when held, or when a settlement was claimed with several values. */
  readonly registers: RegisterSet | null
}

type DecidedColumns = {
  readonly meter_id: bigint
  readonly at: Instant
  readonly quantity: number
  readonly read_at: Instant
  readonly revision: number | null
  readonly verdict: string
  readonly source: number | null
} & { readonly [C in keyof RegisterColumns]: bigint | null }

/**
 * Every quantity decided at these instants, for meters without freezes in the first live read within the tolerance; where none is decided,
 * what the meter's settlement of that instant said, if all claims agree.
 */
export async function readQuantitiesAt(
  client: Queryable,
  instants: readonly MeterInstant[],
  liveToleranceMs: number,
): Promise<readonly DecidedQuantity[]> {
  if (instants.length === 0) return []
  const rows = await client.query<DecidedColumns>(
    `with asked as (select distinct meter_id, at from unnest($1::bigint[], $2::timestamptz[]) a (meter_id, at)),
     decided as (
       select a.meter_id, a.at, v.quantity, v.read_at, v.revision, v.verdict, v.source, v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4
         from asked a
        cross join lateral (
          select distinct on (d.quantity) d.* from validation_decision d
           where d.meter_id = a.meter_id and d.read_at >= a.at and d.read_at <= a.at + $3 * interval '1 millisecond'
             and (d.read_at = a.at or d.source = 4 or d.source is null)
           order by d.quantity, d.read_at, d.revision desc) v),
     settled as (
       select a.meter_id, a.at, s.quantity, s.settled_at as read_at, count(*) as claims, min(s.total_e4) as total_e4,
              min(s.tou1_e4) as tou1_e4, min(s.tou2_e4) as tou2_e4, min(s.tou3_e4) as tou3_e4, min(s.tou4_e4) as tou4_e4
         from asked a join settlement_reading s on s.meter_id = a.meter_id and s.settled_at = a.at
        group by a.meter_id, a.at, s.quantity, s.settled_at)
     select * from decided
     union all
     select s.meter_id, s.at, s.quantity, s.read_at, null, case when s.claims = 1 then 'settled' else 'held' end, null,
            case when s.claims = 1 then s.total_e4 end, s.tou1_e4, s.tou2_e4, s.tou3_e4, s.tou4_e4
       from settled s
      where not exists (select from decided d where (d.meter_id, d.at, d.quantity) = (s.meter_id, s.at, s.quantity))
      order by meter_id, at, quantity`,
    [instants.map(({ meterId }) => meterId), instants.map(({ at }) => toTimestamptz(at)), liveToleranceMs],
  )
  return rows.map(({ total_e4, ...row }) => ({
    meterId: row.meter_id,
    at: row.at,
    quantity: row.quantity,
    readAt: row.read_at,
    revision: row.revision,
    verdict: row.verdict,
    source: row.source,
    registers: total_e4 === null ? null : toRegisters({ ...row, total_e4 }),
  }))
}

/** Maximum demands that a meter closed at an instant, kW e4 before the multiplier; several claims for one key are several rows. */
export interface SettledDemand {
  readonly meterId: MeterId
  /** Stored number, see domain/quantities.ts. */
  readonly quantity: number
  readonly settledAt: Instant
  readonly registers: RegisterSet
  readonly occurredAt: Instant | null
}

/** Demands that were settled in (periodStart, periodEnd], by meter, quantity and time. Only meters of large customers settle any. */
export async function readDemands(
  client: Queryable,
  { periodStart, periodEnd }: Pick<FreezeQuery, 'periodStart' | 'periodEnd'>,
): Promise<readonly SettledDemand[]> {
  const rows = await client.query<
    RegisterColumns & { meter_id: bigint; quantity: number; settled_at: Instant; total_at: Instant | null }
  >(
    `select meter_id, quantity, settled_at, total_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4 from demand_reading
      where settled_at > $1 and settled_at <= $2 order by meter_id, quantity, settled_at, claim_digest`,
    [toTimestamptz(periodStart), toTimestamptz(periodEnd)],
  )
  return rows.map((row) => ({
    meterId: row.meter_id,
    quantity: row.quantity,
    settledAt: row.settled_at,
    registers: toRegisters(row),
    occurredAt: row.total_at,
  }))
}

/**
 * Those of the accounts whose tariff may ask for more than energies: energy is fed in, a transformer or a contract capacity is on record,
 * or they are large industry.
 */
export async function readAccountsWithQuantities(
  client: Queryable,
  { periodStart, periodEnd, knownAt }: Omit<FreezeQuery, 'organisationId'>,
  accounts: readonly bigint[],
): Promise<ReadonlyMap<bigint, { readonly feedsIn: boolean }>> {
  const rows = await client.query<{ account_id: bigint; feeds_in: boolean }>(
    `with flows as (
       select f.usage_point_id, bool_or(f.direction <> 'import') as feeds_in from flow_timeline f
        where f.recorded_at <= $4 and f.effective_from < $3 and coalesce(f.effective_to, 'infinity') > $2
          and not exists (select from flow_timeline n where n.usage_point_id = f.usage_point_id and n.revision > f.revision and n.recorded_at <= $4)
        group by f.usage_point_id),
     transformers as (
       select distinct t.usage_point_id from transformer_timeline t
        where t.recorded_at <= $4 and t.effective_from < $3 and coalesce(t.effective_to, 'infinity') > $2
          and not exists (select from transformer_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= $4))
     select a.account_id, bool_or(coalesce(f.feeds_in, false)) as feeds_in
       from agreement_timeline a
       left join flows f using (usage_point_id)
       left join transformers t using (usage_point_id)
      where a.account_id = any($1::bigint[]) and a.recorded_at <= $4
        and a.effective_from < $3 and coalesce(a.effective_to, 'infinity') > $2
        and not exists (select from agreement_timeline n
                         where n.account_id = a.account_id and n.revision > a.revision and n.recorded_at <= $4)
        and (f.feeds_in or t.usage_point_id is not null or a.contract_capacity_kva is not null or a.usage_class = 'large_industrial')
      group by a.account_id`,
    [accounts, toTimestamptz(periodStart), toTimestamptz(periodEnd), toTimestamptz(knownAt)],
  )
  return new Map(rows.map((row) => [row.account_id, { feedsIn: row.feeds_in }]))
}

export function insertDeterminantQuantities(tx: Transaction, rows: readonly Row[]): Promise<number> {
  return insertRows(
    tx,
    'insert into determinant_quantity select * from json_populate_recordset(null::determinant_quantity, $1)',
    rows,
  )
}

/** What a determinant needs of an interval day; its slots stay where they are. */
export interface RatedDay {
  readonly meterId: MeterId
  readonly dayStart: Instant
  readonly slotMinutes: number
  readonly slotCount: number
  /** Slots whose value is an estimate. */
  readonly filledSlots: number
  readonly revision: number
  readonly verdict: string
  /** Forward active energy, kWh e4 before the multiplier. */
  readonly sumE4: bigint
}

/** Meters with interval days of forward active energy in the period. */
export async function readMetersWithDays(
  client: Queryable,
  { periodStart, periodEnd }: Pick<FreezeQuery, 'periodStart' | 'periodEnd'>,
): Promise<ReadonlySet<MeterId>> {
  const rows = await client.query<{ meter_id: bigint }>(
    `select distinct meter_id from interval_day where channel = $1 and day_start > $2::timestamptz - interval '1 day' and day_start < $3`,
    [quantities.forward_active_energy.code, toTimestamptz(periodStart), toTimestamptz(periodEnd)],
  )
  return new Set(rows.map((row) => row.meter_id))
}

/** The last revisions of the interval days of these meters that touch the period, by meter and day. */
export async function readRatedDays(
  client: Queryable,
  { periodStart, periodEnd }: Pick<FreezeQuery, 'periodStart' | 'periodEnd'>,
  meters: readonly MeterId[],
): Promise<readonly RatedDay[]> {
  if (meters.length === 0) return []
  const rows = await client.query<{
    meter_id: bigint
    day_start: Instant
    slot_minutes: number
    slot_count: number
    filled_slots: number
    revision: number
    verdict: string
    sum_e4: bigint
  }>(
    `select meter_id, day_start, slot_minutes, slot_count, revision, verdict, sum_e4,
            (select coalesce(sum((fill ->> 'slots')::integer), 0) from jsonb_array_elements(fills) fill)::integer as filled_slots
       from interval_day_latest
      where meter_id = any($4::bigint[]) and channel = $1 and day_start > $2::timestamptz - interval '1 day' and day_start < $3
      order by meter_id, day_start`,
    [quantities.forward_active_energy.code, toTimestamptz(periodStart), toTimestamptz(periodEnd), meters],
  )
  return rows.map((row) => ({
    meterId: row.meter_id,
    dayStart: row.day_start,
    slotMinutes: row.slot_minutes,
    slotCount: row.slot_count,
    filledSlots: row.filled_slots,
    revision: row.revision,
    verdict: row.verdict,
    sumE4: row.sum_e4,
  }))
}
