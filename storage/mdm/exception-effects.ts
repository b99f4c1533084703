import type { DecisionAction } from '../../domain/exception-policy.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { insertRows, type Row } from '../insert-rows.js'
import { toRegisters } from '../register-columns.js'
import { toTimestamptz } from '../type-parsers.js'
import type { DecisionItem, NullableRegisters } from './exception-decisions.js'

/** One exception of an approved decision that has had no effect yet, with how things stand now. */
export interface PendingItem extends DecisionItem {
  readonly decisionId: string
  readonly action: DecisionAction
  readonly actor: string
  readonly reason: string
  readonly kind: string
  readonly event: 'opened' | 'closed'
  readonly ordinal: number
  /** What was seen when it was opened. */
  readonly rules: readonly string[]
  readonly detail: string
  readonly evidence: object
  readonly meterId: bigint | null
  readonly meterCode: string | null
  readonly quantity: number | null
  readonly readAt: Instant | null
  readonly usagePointId: bigint | null
  readonly gridCellId: bigint | null
  readonly timeZone: string
  /** Of the last decision on the reading; null where there is none. */
  readonly lastRevision: number | null
  /** A visit that was ordered for this reading and nobody has made yet. */
  readonly openOrder: string | null
  /** For a counter decision: what the decision that it undoes did. */
  readonly undone: {
    readonly action: DecisionAction
    readonly outcome: string
    readonly validationRevision: number | null
    readonly fieldOrderId: string | null
    readonly fieldOrderAnswered: boolean
  } | null
}

/** In the order in which they were decided; `decisionId` null: of all decisions. */
export async function readPendingItems(tx: Transaction, decisionId: string | null): Promise<readonly PendingItem[]> {
  const rows = await tx.query<PendingRow>(pendingItems, [decisionId])
  return rows.map(toPending)
}

type PendingRow = NullableRegisters &
  Omit<PendingItem, 'value' | 'undone'> & {
    readonly source: number | null
    readonly undoneAction: DecisionAction | null
    readonly undoneOutcome: string | null
    readonly undoneRevision: number | null
    readonly undoneOrder: string | null
    readonly orderAnswered: boolean
  }

function toPending(row: PendingRow): PendingItem {
  const { total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, ...others } = row
  const { undoneAction, undoneOutcome, undoneRevision, undoneOrder, orderAnswered, ...rest } = others
  return {
    ...rest,
    value:
      total_e4 === null || source === null
        ? null
        : { registers: toRegisters({ total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4 }), source },
    undone:
      undoneAction === null
        ? null
        : {
            action: undoneAction,
            outcome: undoneOutcome ?? 'none',
            validationRevision: undoneRevision,
            fieldOrderId: undoneOrder,
            fieldOrderAnswered: orderAnswered,
          },
  }
}

const pendingItems = `
  select d.decision_id as "decisionId", d.action, d.actor_id as actor, d.reason, i.exception_key as "exceptionKey", i.seen_ordinal as "seenOrdinal",
         i.seen_revision as "seenRevision", i.total_e4, i.tou1_e4, i.tou2_e4, i.tou3_e4, i.tou4_e4, i.source::integer as source, i.warnings, i.refused,
         x.kind, n.event, n.ordinal, s.rules, s.detail, s.evidence, x.meter_id as "meterId", m.code as "meterCode",
         x.quantity::integer as quantity, x.read_at as "readAt", x.usage_point_id as "usagePointId", u.grid_cell_id as "gridCellId",
         coalesce(o.time_zone, 'UTC') as "timeZone", v.revision as "lastRevision", w.action as "undoneAction", f.outcome as "undoneOutcome",
         f.validation_revision as "undoneRevision", f.field_order_id as "undoneOrder",
         exists (select from field_order_result r where r.field_order_id = f.field_order_id) as "orderAnswered",
         (select z.field_order_id from field_order z
           where z.meter_id = x.meter_id and z.read_at = x.read_at
             and not exists (select from field_order_result r where r.field_order_id = z.field_order_id)
           order by z.recorded_at desc limit 1) as "openOrder"
    from exception_decision d
    join exception_decision_item i using (decision_id)
    join exception x using (exception_key)
    join exception_event s on (s.exception_key, s.ordinal) = (i.exception_key, i.seen_ordinal)
    join exception_now n on n.exception_key = i.exception_key
    left join meter m on m.meter_id = x.meter_id
    left join usage_point u on u.usage_point_id = x.usage_point_id
    left join organisation o on o.organisation_id = u.organisation_id
    left join exception_decision w on w.decision_id = d.undoes
    left join exception_effect f on (f.decision_id, f.exception_key) = (d.undoes, i.exception_key)
    left join lateral (
      select c.revision from validation_decision c
       where (c.meter_id, c.quantity, c.read_at) = (x.meter_id, x.quantity, x.read_at) order by c.revision desc limit 1) v on true
   where ($1::uuid is null or d.decision_id = $1)
     and not exists (select from exception_effect e where (e.decision_id, e.exception_key) = (i.decision_id, i.exception_key))
     and d.approvals_needed <= (select count(*) from exception_decision_approval a where a.decision_id = d.decision_id)
     and not exists (select from exception_undo r where r.undoes = d.decision_id and r.exception_key = i.exception_key)
   order by d.recorded_at, d.decision_id, i.exception_key`

/** A revision of a decision on a reading, as it is written again when a later one is undone. */
export interface FormerDecision {
  readonly exceptionKey: string
  readonly row: Row
}

export async function readFormerDecisions(
  client: Queryable,
  wanted: readonly { readonly exceptionKey: string; readonly revision: number }[],
): Promise<readonly FormerDecision[]> {
  const rows = await client.query<Row & { readonly exception_key: string }>(
    `select w.exception_key, v.meter_id, v.quantity::integer as quantity, v.read_at, v.verdict, v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4,
            v.source::integer as source, v.rules, v.reason, v.policy_version, v.decided_by
       from unnest($1::text[], $2::integer[]) w (exception_key, revision)
       join exception x using (exception_key)
       join validation_decision v on (v.meter_id, v.quantity, v.read_at, v.revision) = (x.meter_id, x.quantity, x.read_at, w.revision)`,
    [wanted.map(({ exceptionKey }) => exceptionKey), wanted.map(({ revision }) => revision)],
  )
  return rows.map(({ exception_key, ...row }) => ({ exceptionKey: exception_key, row }))
}

export async function insertEffects(tx: Transaction, rows: readonly Row[]): Promise<void> {
  await insertRows(
    tx,
    'insert into exception_effect select * from json_populate_recordset(null::exception_effect, $1)',
    rows,
  )
}

/** Visits that people asked for; one that is ordered already stays as it is. */
export async function insertOrderedVisits(tx: Transaction, rows: readonly Row[]): Promise<void> {
  await insertRows(
    tx,
    'insert into field_order select * from json_populate_recordset(null::field_order, $1) on conflict do nothing',
    rows,
  )
}

/** Calls off visits that nobody has made. */
export async function cancelVisits(
  tx: Transaction,
  { fieldOrderIds, evidence, actor, recordedAt }: Cancellation,
): Promise<void> {
  await tx.execute(
    `insert into field_order_result (field_order_id, outcome, evidence, actor_id, recorded_at)
     select id, 'cancelled', $2, $3, $4 from unnest($1::uuid[]) id on conflict do nothing`,
    [fieldOrderIds, evidence, actor, toTimestamptz(recordedAt)],
  )
}

interface Cancellation {
  readonly fieldOrderIds: readonly string[]
  readonly evidence: string
  readonly actor: string
  readonly recordedAt: Instant
}
