import type { MeterId, ReadingSource, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toReadingSource } from '../reading-source.js'
import { type RegisterColumns, toRegisters } from '../register-columns.js'
import { isStandingClaim } from '../registry/withdrawals.js'
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
    `select quantity, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, recorded_at from reading_claims c
      where meter_id = $1 and read_at = $2 and ${isStandingClaim} order by quantity, recorded_at, source, total_e4`,
    [meterId, toTimestamptz(at)],
  )
  return rows.map((row) => ({
    quantity: row.quantity,
    registers: toRegisters(row),
    source: toReadingSource(row.source),
    recordedAt: row.recorded_at,
  }))
}

export interface WithdrawnNote extends SaidOfKey {
  readonly document: string
  readonly notedBy: string
  readonly withdrawnAt: Instant
  /** Why, and who stands for it. */
  readonly reason: string
  readonly author: string
  readonly approver: string
}

/** Notes under a meter's keys of an instant that went with the change at which they were made. */
export async function withdrawnNotesAt(
  client: Queryable,
  meterId: MeterId,
  at: Instant,
): Promise<readonly WithdrawnNote[]> {
  const rows = await client.query<RegisterColumns & Omit<WithdrawnNote, 'registers' | 'source'> & { source: number }>(
    `select m.quantity, m.total_e4, m.tou1_e4, m.tou2_e4, m.tou3_e4, m.tou4_e4, m.source, m.recorded_at as "recordedAt", m.document,
            m.actor_id as "notedBy", w.recorded_at as "withdrawnAt", c.reason, c.author, p.approver
       from manual_reading m
       join manual_reading_withdrawal w using (meter_id, quantity, read_at, source, revision)
       join registry_correction c using (correction_id)
       join registry_correction_approval p using (correction_id)
      where m.meter_id = $1 and m.read_at = $2 order by m.quantity, m.revision`,
    [meterId, toTimestamptz(at)],
  )
  return rows.map(({ total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, ...row }) => ({
    ...row,
    registers: toRegisters({ total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4 }),
    source: toReadingSource(source),
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
