import type { MeterId, ReadingSource, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Parameter, Queryable } from '../database.js'
import { insertRows, type Row } from '../insert-rows.js'
import { toReadingSource } from '../reading-source.js'
import { type RegisterColumns, toRegisters } from '../register-columns.js'
import { toTimestamptz } from '../type-parsers.js'

/** A meter and quantity (stored number) with claims that no decision has seen, and the first instant that has one. */
export interface ChangedSeries {
  readonly meterId: MeterId
  readonly quantity: number
  readonly firstAt: Instant
}

/**
 * Series with undecided claims in [from, to), by meter and quantity. A claim recorded in the same instant as the decision counts as
 * unseen: deciding again is harmless.
 */
export async function findChangedSeries(
  client: Queryable,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<readonly ChangedSeries[]> {
  const rows = await client.query<{ meter_id: bigint; quantity: number; first_at: Instant }>(
    `select c.meter_id, c.quantity, min(c.read_at) as first_at
       from reading_claims c
       left join (select meter_id, quantity, read_at, max(recorded_at) as decided_at from validation_decision
                   where read_at >= $1 and read_at < $2 and verdict <> 'estimated'
                   group by meter_id, quantity, read_at) d using (meter_id, quantity, read_at)
      where c.read_at >= $1 and c.read_at < $2 and (d.decided_at is null or c.recorded_at >= d.decided_at)
      group by c.meter_id, c.quantity order by c.meter_id, c.quantity`,
    [toTimestamptz(from), toTimestamptz(to)],
  )
  return rows.map((row) => ({ meterId: row.meter_id, quantity: row.quantity, firstAt: row.first_at }))
}

export interface ClaimRow {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
  readonly registers: RegisterSet
  readonly source: ReadingSource
  readonly dueAt: Instant | null
}

/** Every claim of the series from its first changed instant on: what follows a change is decided anew. */
export async function readClaims(client: Queryable, series: readonly ChangedSeries[]): Promise<readonly ClaimRow[]> {
  const rows = await client.query<KeyRow & RegisterColumns & { source: number; due_at: Instant | null }>(
    `select c.meter_id, c.quantity, c.read_at, c.total_e4, c.tou1_e4, c.tou2_e4, c.tou3_e4, c.tou4_e4, c.source, due.due_at
       from unnest($1::bigint[], $2::smallint[], $3::timestamptz[]) as s (meter_id, quantity, first_at)
       join reading_claims c on (c.meter_id, c.quantity) = (s.meter_id, s.quantity) and c.read_at >= s.first_at
       left join lateral (select max(d.read_at) as due_at from due_read d
                           where d.meter_id = c.meter_id and d.template = 'daily_freeze' and d.read_at <= c.read_at
                             and d.read_at > c.read_at - interval '1 day') due on c.source = 4
      where c.read_at >= $4`,
    [...seriesParameters(series), earliest(series)],
  )
  return rows.map((row) => ({
    ...toKey(row),
    registers: toRegisters(row),
    source: toReadingSource(row.source),
    dueAt: row.due_at,
  }))
}

export interface DecidedRow {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
  readonly revision: number
  readonly verdict: string
  readonly registers: RegisterSet | null
  readonly source: number | null
  readonly rules: readonly string[]
  readonly reason: string
}

/** The last decision on each key of the series from its first changed instant on. */
export async function readDecisions(
  client: Queryable,
  series: readonly ChangedSeries[],
): Promise<readonly DecidedRow[]> {
  const rows = await client.query<DecisionRow>(
    `select v.meter_id, v.quantity, v.read_at, v.revision, v.verdict, v.source, v.rules, v.reason,
            v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4
       from unnest($1::bigint[], $2::smallint[], $3::timestamptz[]) as s (meter_id, quantity, first_at)
       join (select * from validated_reading where read_at >= $4) v
         on (v.meter_id, v.quantity) = (s.meter_id, s.quantity) and v.read_at >= s.first_at`,
    [...seriesParameters(series), earliest(series)],
  )
  return rows.map(toDecided)
}

/** The last accepted value of each series before its first changed instant. */
export async function readBaselines(
  client: Queryable,
  series: readonly ChangedSeries[],
): Promise<readonly DecidedRow[]> {
  const rows = await client.query<DecisionRow>(
    `select v.meter_id, v.quantity, v.read_at, v.revision, v.verdict, v.source, v.rules, v.reason,
            v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4
       from unnest($1::bigint[], $2::smallint[], $3::timestamptz[]) as s (meter_id, quantity, first_at)
      cross join lateral (
        select * from validation_decision d
         where (d.meter_id, d.quantity) = (s.meter_id, s.quantity) and d.read_at < s.first_at and d.verdict = 'accepted'
           and not exists (select from validation_decision n
                            where (n.meter_id, n.quantity, n.read_at) = (d.meter_id, d.quantity, d.read_at)
                              and n.revision > d.revision)
         order by d.read_at desc limit 1) v`,
    [...seriesParameters(series)],
  )
  return rows.map(toDecided)
}

export async function readMeterFacts(client: Queryable, meterIds: readonly MeterId[]) {
  const rows = await client.query<{
    meter_id: bigint
    model: string
    register_digits: number
    register_decimals: number
  }>(`select meter_id, model, register_digits, register_decimals from meter where meter_id = any($1::bigint[])`, [
    meterIds,
  ])
  return rows.map((row) => ({
    meterId: row.meter_id,
    model: row.model,
    registerDigits: row.register_digits,
    registerDecimals: row.register_decimals,
  }))
}

export function insertDecisions(client: Queryable, rows: readonly Row[]): Promise<number> {
  return insertRows(
    client,
    'insert into validation_decision select * from json_populate_recordset(null::validation_decision, $1)',
    rows,
  )
}

/** Due points of [from, to) with the number of claims that serve them. */
export async function countClaimsOfDuePoints(
  client: Queryable,
  { from, to, liveToleranceMs }: { readonly from: Instant; readonly to: Instant; readonly liveToleranceMs: number },
) {
  const rows = await client.query<{ meter_id: bigint; read_at: Instant; claim_count: number }>(
    `select d.meter_id, d.read_at, count(c.meter_id)::integer as claim_count
       from due_read d
       left join reading_claims c on c.meter_id = d.meter_id and c.quantity = 1 and c.read_at >= d.read_at
        and c.read_at <= d.read_at + $3 * interval '1 millisecond' and (c.read_at = d.read_at or c.source = 4)
      where d.template = 'daily_freeze' and d.read_at >= $1 and d.read_at < $2
      group by d.meter_id, d.read_at order by d.read_at, d.meter_id`,
    [toTimestamptz(from), toTimestamptz(to), liveToleranceMs],
  )
  return rows.map((row) => ({ meterId: row.meter_id, readAt: row.read_at, claimCount: row.claim_count }))
}

interface KeyRow {
  readonly meter_id: bigint
  readonly quantity: number
  readonly read_at: Instant
}
type DecisionRow = KeyRow & {
  readonly [C in keyof RegisterColumns]: bigint | null
} & {
  readonly revision: number
  readonly verdict: string
  readonly source: number | null
  readonly rules: readonly string[]
  readonly reason: string
}

function toKey(row: KeyRow) {
  return { meterId: row.meter_id, quantity: row.quantity, readAt: row.read_at }
}

function toDecided(row: DecisionRow): DecidedRow {
  const { total_e4, ...tou } = row
  const registers = total_e4 === null ? null : toRegisters({ ...tou, total_e4 })
  const { revision, verdict, source, rules, reason } = row
  return { ...toKey(row), revision, verdict, source, rules, reason, registers }
}

function seriesParameters(series: readonly ChangedSeries[]): readonly Parameter[] {
  return [
    series.map(({ meterId }) => meterId),
    series.map(({ quantity }) => quantity),
    series.map(({ firstAt }) => toTimestamptz(firstAt)),
  ]
}

/** Lets the planner skip the time partitions before every series. */
function earliest(series: readonly ChangedSeries[]): string {
  return toTimestamptz(series.reduce((first, { firstAt }) => Math.min(first, firstAt), Number.MAX_SAFE_INTEGER / 2))
}
