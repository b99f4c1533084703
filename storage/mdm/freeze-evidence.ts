import type { MeterId, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { type RegisterColumns, toRegisters } from '../register-columns.js'
import { toTimestamptz } from '../type-parsers.js'
import type { FreezeQuery } from './freeze-segments.js'

/** A key of which validation said something that matters for the account's whole period. */
export interface StandingMark {
  readonly meterId: MeterId
  readonly readAt: Instant
  readonly rules: readonly string[]
}

export interface StandingMarks {
  readonly doubts: readonly StandingMark[]
  readonly turnovers: readonly StandingMark[]
  readonly jumps: readonly StandingMark[]
}

/**
 * Keys of [from, to) that stand held because a register fell or leapt, turned over in a way that is doubted, changed places with another or
 * had several values claimed, and accepted keys at which a register turned over or usage jumped, also beyond the fullest day only. Few; read
 * once per freeze.
 */
export async function readStandingMarks(
  client: Queryable,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<StandingMarks> {
  const rows = await client.query<{ meter_id: bigint; read_at: Instant; verdict: string; rules: readonly string[] }>(
    `select d.meter_id, d.read_at, d.verdict, d.rules from validation_decision d
      where d.read_at >= $1 and d.read_at < $2 and d.quantity = 1 and d.rules <> '{}'
        and (d.verdict = 'held' and d.rules && array['decrease', 'disputed', 'near_absolute', 'rollover', 'spike', 'swapped_pair', 'unit_slip'] or d.verdict = 'accepted' and d.rules && array['rollover', 'jump', 'above_fullest'])
        and not exists (select from validation_decision n
                         where (n.meter_id, n.quantity, n.read_at) = (d.meter_id, d.quantity, d.read_at)
                           and n.revision > d.revision)
      order by d.meter_id, d.read_at`,
    [toTimestamptz(from), toTimestamptz(to)],
  )
  const marks = rows.map((row) => {
    return { meterId: row.meter_id, readAt: row.read_at, verdict: row.verdict, rules: row.rules }
  })
  const accepted = marks.filter(({ verdict }) => verdict === 'accepted')
  return {
    doubts: marks.filter(({ verdict }) => verdict === 'held'),
    turnovers: accepted.filter(({ rules }) => rules.includes('rollover')),
    jumps: accepted.filter(({ rules }) => rules.includes('jump') || rules.includes('above_fullest')),
  }
}

export interface AcceptedReading {
  readonly meterId: MeterId
  readonly readAt: Instant
  readonly registers: RegisterSet
}

/** Accepted readings of the meters from `beforeMs` before to `afterMs` after each instant, both included, by meter and time. */
export async function readAcceptedAround(
  client: Queryable,
  keys: readonly { readonly meterId: MeterId; readonly readAt: Instant }[],
  { beforeMs, afterMs }: { readonly beforeMs: number; readonly afterMs: number },
): Promise<readonly AcceptedReading[]> {
  if (keys.length === 0) return []
  const rows = await client.query<RegisterColumns & { meter_id: bigint; read_at: Instant }>(
    `select distinct v.meter_id, v.read_at, v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4
       from unnest($1::bigint[], $2::timestamptz[]) as k (meter_id, at)
      cross join lateral (select * from validated_reading r
                           where r.meter_id = k.meter_id and r.quantity = 1 and r.verdict = 'accepted'
                             and r.read_at between k.at - $3 * interval '1 millisecond' and k.at + $4 * interval '1 millisecond') v
      order by v.meter_id, v.read_at`,
    [keys.map(({ meterId }) => meterId), keys.map(({ readAt }) => toTimestamptz(readAt)), beforeMs, afterMs],
  )
  return rows.map((row) => ({ meterId: row.meter_id, readAt: row.read_at, registers: toRegisters(row) }))
}

/** Doubts about the accounts of exactly this period that people answered by `knownAt`. */
export async function readHoldReleases(
  client: Queryable,
  { periodStart, periodEnd, knownAt }: FreezeQuery,
): Promise<readonly { readonly accountId: bigint; readonly code: string }[]> {
  return client.query<{ accountId: bigint; code: string }>(
    `select account_id as "accountId", code from determinant_hold_release
      where period_start = $1 and period_end = $2 and recorded_at <= $3 order by account_id, code`,
    [toTimestamptz(periodStart), toTimestamptz(periodEnd), toTimestamptz(knownAt)],
  )
}
