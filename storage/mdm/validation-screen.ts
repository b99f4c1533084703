import type { MeterId, ReadingSource, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toReadingSource } from '../reading-source.js'
import { type RegisterColumns, toRegisters } from '../register-columns.js'
import { toTimestamptz } from '../type-parsers.js'

export async function findMeterId(client: Queryable, code: string): Promise<MeterId | null> {
  const [row] = await client.query<{ readonly meter_id: bigint }>('select meter_id from meter where code = $1', [code])
  return row?.meter_id ?? null
}

/** Codes of meters, as people know them. */
export async function meterCodes(
  client: Queryable,
  meterIds: readonly MeterId[],
): Promise<ReadonlyMap<MeterId, string>> {
  const rows = await client.query<{ readonly meter_id: bigint; readonly code: string }>(
    'select meter_id, code from meter where meter_id = any($1::bigint[])',
    [meterIds],
  )
  return new Map(rows.map((row) => [row.meter_id, row.code]))
}

export interface SaidOfKey {
  readonly quantity: number
  readonly registers: RegisterSet
  readonly source: ReadingSource
  readonly recordedAt: Instant
}

/** All claims under a meter's keys of an instant, as they came. */
export async function claimsAt(client: Queryable, meterId: MeterId, at: Instant): Promise<readonly SaidOfKey[]> {
  const rows = await client.query<RegisterColumns & { quantity: number; source: number; recorded_at: Instant }>(
    `select quantity, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, recorded_at from reading_claims
      where meter_id = $1 and read_at = $2 order by quantity, recorded_at, source, total_e4`,
    [meterId, toTimestamptz(at)],
  )
  return rows.map((row) => ({
    quantity: row.quantity,
    registers: toRegisters(row),
    source: toReadingSource(row.source),
    recordedAt: row.recorded_at,
  }))
}

export interface DecisionOfKey {
  readonly quantity: number
  readonly readAt: Instant
  readonly revision: number
  readonly verdict: string
  readonly totalE4: bigint | null
  readonly rules: readonly string[]
  readonly reason: string
  readonly policyVersion: string | null
  readonly decidedBy: string | null
  readonly recordedAt: Instant
}

const columns = `quantity, read_at as "readAt", revision, verdict, total_e4 as "totalE4", rules, reason, policy_version as "policyVersion",
  decided_by as "decidedBy", recorded_at as "recordedAt"`

/** Every revision of the decisions on a meter's keys of an instant: the chain, oldest first. */
export function decisionsAt(client: Queryable, meterId: MeterId, at: Instant): Promise<readonly DecisionOfKey[]> {
  return client.query<DecisionOfKey>(
    `select ${columns} from validation_decision where meter_id = $1 and read_at = $2 order by quantity, revision`,
    [meterId, toTimestamptz(at)],
  )
}

/** The last decisions on a meter's keys of [from, to), oldest first. */
export function decisionsBefore(
  client: Queryable,
  meterId: MeterId,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<readonly DecisionOfKey[]> {
  return client.query<DecisionOfKey>(
    `select ${columns} from validated_reading where meter_id = $1 and read_at >= $2 and read_at < $3 order by quantity, read_at`,
    [meterId, toTimestamptz(from), toTimestamptz(to)],
  )
}
