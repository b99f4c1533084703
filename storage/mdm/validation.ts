import type { MeterId, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { encodeCopy } from '../copy-binary.js'
import type { Queryable, Transaction } from '../database.js'
import { insertRows, type Row } from '../insert-rows.js'
import { toTimestamptz } from '../type-parsers.js'

/** Decisions by row; for the thousands of a validation run there is `copyDecisions`. */
export function insertDecisions(client: Queryable, rows: readonly Row[]): Promise<number> {
  return insertRows(
    client,
    'insert into validation_decision select * from json_populate_recordset(null::validation_decision, $1)',
    rows,
  )
}

export interface NewDecision {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
  readonly revision: number
  readonly verdict: 'accepted' | 'held'
  readonly registers: RegisterSet | null
  readonly source: number | null
  readonly rules: readonly string[]
  readonly reason: string
  readonly policyVersion: string
}

const stagedTypes = [
  'int8',
  'int2',
  'timestamptz',
  'int4',
  'text',
  'int8',
  'int8',
  'int8',
  'int8',
  'int8',
  'int2',
  'text',
  'text',
  'text',
] as const

/** Decisions through a table of this session that is emptied at commit. */
export async function copyDecisions(
  tx: Transaction,
  decisions: readonly NewDecision[],
  recordedAt: Instant,
): Promise<void> {
  if (decisions.length === 0) return
  await tx.execute(
    `create temporary table if not exists staged_decision (
       meter_id bigint, quantity smallint, read_at timestamptz, revision integer, verdict text,
       total_e4 bigint, tou1_e4 bigint, tou2_e4 bigint, tou3_e4 bigint, tou4_e4 bigint,
       source smallint, rules text, reason text, policy_version text) on commit delete rows`,
  )
  await tx.copyIn('copy staged_decision from stdin (format binary)', encodeCopy(stagedTypes, cellsOf(decisions)))
  await tx.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4,
       source, rules, reason, recorded_at, policy_version)
     select meter_id, quantity, read_at, revision, verdict, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4,
            source, string_to_array(rules, ' '), reason, $1, policy_version
       from staged_decision`,
    [toTimestamptz(recordedAt)],
  )
}

function* cellsOf(decisions: readonly NewDecision[]) {
  for (const {
    meterId,
    quantity,
    readAt,
    revision,
    verdict,
    registers,
    source,
    rules,
    reason,
    policyVersion,
  } of decisions) {
    const [tou1 = null, tou2 = null, tou3 = null, tou4 = null] = registers?.touE4 ?? []
    const total = registers?.totalE4 ?? null
    const spoken = rules.join(' ')
    yield [
      meterId,
      quantity,
      readAt,
      revision,
      verdict,
      total,
      tou1,
      tou2,
      tou3,
      tou4,
      source,
      spoken,
      reason,
      policyVersion,
    ] as const
  }
}

/** Two runs at once would number the same revisions. Held until the transaction ends. */
export async function lockValidation(tx: Transaction): Promise<void> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('validation_decision', 0))`)
}

/** Due points of [from, to) that are open, as `due_point_state` says of those that no claim serves. */
export async function findUnservedDuePoints(
  client: Queryable,
  { from, to, liveToleranceMs }: { readonly from: Instant; readonly to: Instant; readonly liveToleranceMs: number },
) {
  const rows = await client.query<{ meter_id: bigint; read_at: Instant }>(
    `select d.meter_id, d.read_at
       from due_read d
      where d.template = 'daily_freeze' and d.read_at >= $1 and d.read_at < $2
        and not exists (select from reading_claims c
                         where c.meter_id = d.meter_id and c.quantity = 1 and c.read_at >= $1 and c.read_at = d.read_at)
        and not exists (select from reading_claims c
                         where c.meter_id = d.meter_id and c.quantity = 1 and c.source = 4 and c.read_at >= d.read_at
                           and c.read_at <= d.read_at + $3 * interval '1 millisecond')
        and exists (select from due_point_state('infinity', d.meter_id, d.template, d.usage_point_id, d.line_id, d.read_at, false) s
                     where s.state = 'open')
      order by d.read_at, d.meter_id`,
    [toTimestamptz(from), toTimestamptz(to), liveToleranceMs],
  )
  return rows.map((row) => ({ meterId: row.meter_id, readAt: row.read_at }))
}

/** Written down before anything is judged, so that what follows has a reason even where the run is broken off. */
export async function insertRevalidation(
  client: Queryable,
  fact: {
    readonly from: Instant
    readonly to: Instant
    readonly recordedAt: Instant
    readonly actor: string
    readonly reason: string
    readonly meterIds?: readonly MeterId[]
  },
): Promise<void> {
  await client.execute(
    `insert into revalidation (from_at, to_at, recorded_at, actor_id, reason, meter_ids) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [
      toTimestamptz(fact.from),
      toTimestamptz(fact.to),
      toTimestamptz(fact.recordedAt),
      fact.actor,
      fact.reason,
      fact.meterIds ?? null,
    ],
  )
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
