import type { DecisionAction, OverrideCode } from '../../domain/exception-policy.js'
import type { RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { insertRows } from '../insert-rows.js'
import { fromRegisters, type RegisterColumns, toRegisters } from '../register-columns.js'
import { isStandingClaim } from '../registry/withdrawals.js'
import { toTimestamptz } from '../type-parsers.js'

/** A claim under the key of an exception, with where its bytes are. */
export interface ExceptionClaim {
  readonly exceptionKey: string
  readonly source: number
  readonly registers: RegisterSet
  readonly lineCode: string | null
  readonly lineSequence: bigint | null
  readonly frameReceivedAt: Instant | null
  /** What backs a value that people brought: a sheet, a photo; null for what came by wire. */
  readonly document: string | null
  readonly recordedAt: Instant
}

/** Claims of the keys, the most trusted first as validation orders them: a read on site before what came by wire (billing-rules 2.3). */
export async function readClaimsOfExceptions(
  client: Queryable,
  keys: readonly string[],
): Promise<readonly ExceptionClaim[]> {
  const rows = await client.query<RegisterColumns & Omit<ExceptionClaim, 'registers'>>(
    `select x.exception_key as "exceptionKey", c.source::integer as source, c.total_e4, c.tou1_e4, c.tou2_e4, c.tou3_e4, c.tou4_e4,
            l.code as "lineCode", c.line_sequence as "lineSequence", c.frame_received_at as "frameReceivedAt",
            n.document, c.recorded_at as "recordedAt"
       from exception x
       join reading_claims c on (c.meter_id, c.quantity, c.read_at) = (x.meter_id, x.quantity, x.read_at)
       left join line l using (line_id)
       left join manual_reading n on (n.meter_id, n.quantity, n.read_at, n.source) = (c.meter_id, c.quantity, c.read_at, c.source)
        and (n.total_e4, n.tou1_e4, n.tou2_e4, n.tou3_e4, n.tou4_e4)
            is not distinct from (c.total_e4, c.tou1_e4, c.tou2_e4, c.tou3_e4, c.tou4_e4) and n.recorded_at = c.recorded_at
      where x.exception_key = any($1::text[]) and ${isStandingClaim}
      order by x.exception_key, c.source = 5 desc, c.source, c.total_e4, c.recorded_at`,
    [keys],
  )
  return rows.map((row) => ({ ...row, registers: toRegisters(row) }))
}

export interface DecisionItem {
  readonly exceptionKey: string
  readonly seenOrdinal: number
  readonly seenRevision: number | null
  /** What is accepted or entered instead. */
  readonly value: { readonly registers: RegisterSet; readonly source: number } | null
  /** Rules that speak against a correction, and whether one of them would hold it. */
  readonly warnings: readonly string[]
  readonly refused: boolean
}
export interface DecisionHead {
  readonly decisionId: string
  readonly action: DecisionAction
  readonly reason: string
  readonly evidence: string
  readonly selection: string
  readonly holdUntil: Instant | null
  /** Why a value that the rules refuse is entered all the same. */
  readonly overrideCode: OverrideCode | null
  readonly undoes: string | null
  readonly actor: string
  readonly recordedAt: Instant
}

/** The frozen list, whole or not at all. @returns false when it is there. */
export async function insertDecision(
  tx: Transaction,
  head: DecisionHead,
  items: readonly DecisionItem[],
): Promise<boolean> {
  if ((await findDecision(tx, head.decisionId)) !== null) return false
  const rows = items.map(({ exceptionKey, seenOrdinal, seenRevision, value, warnings, refused }) => ({
    decision_id: head.decisionId,
    exception_key: exceptionKey,
    action: head.action,
    seen_ordinal: seenOrdinal,
    seen_revision: seenRevision,
    warnings,
    refused,
    ...(value === null ? {} : { ...fromRegisters(value.registers), source: value.source }),
  }))
  await insertRows(
    tx,
    'insert into exception_decision_item select * from json_populate_recordset(null::exception_decision_item, $1)',
    rows,
  )
  // Sums, policy and approvals are the database's own word; what is sent for them does not count.
  await tx.execute(
    `insert into exception_decision (decision_id, action, reason, evidence, selection, hold_until, undoes, item_count, effect_e4, effect_fen,
                                     unknown_effects, approvals_needed, policy_revision, actor_id, recorded_at, override_code)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 1, $9, $10, $11)`,
    [
      head.decisionId,
      head.action,
      head.reason,
      head.evidence,
      head.selection,
      head.holdUntil === null ? null : toTimestamptz(head.holdUntil),
      head.undoes,
      items.length,
      head.actor,
      toTimestamptz(head.recordedAt),
      head.overrideCode,
    ],
  )
  return true
}

export interface StoredDecision extends DecisionHead {
  readonly itemCount: number
  readonly effectE4: bigint
  readonly effectFen: bigint
  readonly unknownEffects: number
  readonly approvalsNeeded: number
  readonly approvers: readonly string[]
  readonly applied: number
  readonly superseded: number
  readonly notEstimable: number
  readonly undoneBy: string | null
  /** A counter decision that another person has not approved yet. */
  readonly undoWaits: string | null
}

const storedColumns = `
  d.decision_id as "decisionId", d.action, d.reason, d.evidence, d.selection, d.hold_until as "holdUntil",
  d.override_code as "overrideCode", d.undoes, d.actor_id as actor,
  d.recorded_at as "recordedAt", d.item_count as "itemCount", d.effect_e4 as "effectE4", d.effect_fen as "effectFen",
  d.unknown_effects as "unknownEffects", d.approvals_needed as "approvalsNeeded",
  array(select a.approver::text from exception_decision_approval a where a.decision_id = d.decision_id order by a.approved_at) as approvers,
  e.applied, e.superseded, e.not_estimable as "notEstimable",
  (select u.decision_id from exception_undo u where u.undoes = d.decision_id limit 1) as "undoneBy",
  (select u.decision_id from exception_decision u where u.undoes = d.decision_id
      and not exists (select from exception_undo y where y.decision_id = u.decision_id)) as "undoWaits"`
const effectCounts = `
  cross join lateral (
    select count(*) filter (where outcome = 'applied')::integer as applied, count(*) filter (where outcome = 'superseded')::integer as superseded,
           count(*) filter (where outcome = 'not_estimable')::integer as not_estimable
      from exception_effect f where f.decision_id = d.decision_id) e`

export async function findDecision(client: Queryable, decisionId: string): Promise<StoredDecision | null> {
  const [row] = await client.query<StoredDecision>(
    `select ${storedColumns} from exception_decision d ${effectCounts} where d.decision_id = $1`,
    [decisionId],
  )
  return row ?? null
}

/** The latest decisions; `waiting`: only those that lack approvals. */
export function listDecisions(
  client: Queryable,
  { waiting, limit }: { readonly waiting: boolean; readonly limit: number },
): Promise<readonly StoredDecision[]> {
  return client.query<StoredDecision>(
    `select ${storedColumns} from exception_decision d ${effectCounts}
      where not $1 or (not exists (select from exception_undo u where u.undoes = d.decision_id)
        and d.approvals_needed > (select count(*) from exception_decision_approval a where a.decision_id = d.decision_id))
      order by d.recorded_at desc, d.decision_id limit $2`,
    [waiting, limit],
  )
}

export interface DecidedItem extends DecisionItem {
  readonly effectE4: bigint | null
  readonly effectFen: bigint | null
  readonly outcome: string | null
  readonly detail: string | null
}

export async function readDecisionItems(client: Queryable, decisionId: string): Promise<readonly DecidedItem[]> {
  const rows = await client.query<ItemRow>(
    `select i.exception_key as "exceptionKey", i.seen_ordinal as "seenOrdinal", i.seen_revision as "seenRevision", i.source::integer as source,
            i.total_e4, i.tou1_e4, i.tou2_e4, i.tou3_e4, i.tou4_e4, i.effect_e4 as "effectE4", i.effect_fen as "effectFen", i.warnings, i.refused,
            e.outcome, e.detail
       from exception_decision_item i left join exception_effect e using (decision_id, exception_key)
      where i.decision_id = $1 order by i.exception_key`,
    [decisionId],
  )
  return rows.map(toItem)
}

/** @returns 0 when that person approved before. The database refuses the author, processes, and who has no right to approve. */
export function insertDecisionApproval(
  client: Queryable,
  {
    decisionId,
    approver,
    approvedAt,
    overrideCode = null,
  }: {
    readonly decisionId: string
    readonly approver: string
    readonly approvedAt: Instant
    /** As the decision gives it: who approves has read it. */
    readonly overrideCode?: string | null
  },
): Promise<number> {
  return client.execute(
    `insert into exception_decision_approval (decision_id, author, approver, approved_at, override_code)
     select decision_id, actor_id, $2, $3, $4 from exception_decision where decision_id = $1 on conflict do nothing`,
    [decisionId, approver, toTimestamptz(approvedAt), overrideCode],
  )
}

export type NullableRegisters = { readonly [C in keyof RegisterColumns]: bigint | null }
type ItemRow = NullableRegisters & Omit<DecidedItem, 'value'> & { readonly source: number | null }

function toItem({ total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, ...rest }: ItemRow): DecidedItem {
  const value =
    total_e4 === null || source === null
      ? null
      : { registers: toRegisters({ total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4 }), source }
  return { ...rest, value }
}
