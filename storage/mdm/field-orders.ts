import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { insertRows } from '../insert-rows.js'
import { toTimestamptz } from '../type-parsers.js'

/** A due point whose remote steps are exhausted. */
export interface ExhaustedPoint {
  readonly meterId: MeterId
  readonly meterCode: string
  readonly readAt: Instant
  readonly usagePointId: bigint
  readonly gridCellId: bigint
  /** Cause of the last attempt that a visit can remedy. */
  readonly cause: string
}

export interface ExhaustionQuery {
  readonly from: Instant
  readonly now: Instant
  readonly windows: number
  readonly causes: readonly string[]
  readonly liveToleranceMs: number
}

/**
 * Due points since `from` that no claim serves, no estimate fills and no order covers, after failed attempts in at least so many
 * nightly windows. Windows are counted in whole days after the due point.
 */
export async function findExhaustedPoints(
  client: Queryable,
  query: ExhaustionQuery,
): Promise<readonly ExhaustedPoint[]> {
  return client.query<ExhaustedPoint>(
    `select d.meter_id as "meterId", m.code as "meterCode", d.read_at as "readAt", d.usage_point_id as "usagePointId",
            u.grid_cell_id as "gridCellId",
            (array_agg(f.cause order by f.failed_at desc, f.attempt desc))[1] as cause
       from due_read d
       join failed_read f on f.meter_id = d.meter_id and f.template = d.template and f.read_at = d.read_at
       join meter m on m.meter_id = d.meter_id
       join usage_point u on u.usage_point_id = d.usage_point_id
      where d.template = 'daily_freeze' and d.read_at >= $1 and d.read_at <= $2 and f.read_at >= $1 and f.failed_at <= $2 and f.cause = any($4::text[])
        and not exists (select from reading_claims c
                         where c.meter_id = d.meter_id and c.quantity = 1 and c.read_at >= d.read_at
                           and c.read_at <= d.read_at + $5 * interval '1 millisecond'
                           and (c.read_at = d.read_at or c.source = 4))
        and not exists (select from validation_decision v
                         where v.meter_id = d.meter_id and v.quantity = 1 and v.read_at = d.read_at
                           and v.verdict = 'estimated')
        and not exists (select from field_order o where o.meter_id = d.meter_id and o.read_at = d.read_at)
        and not exists (select from due_excuse($2, d.meter_id, d.usage_point_id, d.line_id, d.read_at) x
                         where x.excuse is not null)
      group by d.meter_id, m.code, d.read_at, d.usage_point_id, u.grid_cell_id
     having count(distinct floor(extract(epoch from f.failed_at - d.read_at) / 86400)) >= $3
      order by d.read_at, d.meter_id`,
    [toTimestamptz(query.from), toTimestamptz(query.now), query.windows, query.causes, query.liveToleranceMs],
  )
}

export interface FieldOrder extends ExhaustedPoint {
  readonly fieldOrderId: string
  readonly dueAt: Instant
}

export function insertFieldOrders(
  client: Queryable,
  orders: readonly FieldOrder[],
  recordedAt: Instant,
): Promise<number> {
  const rows = orders.map((order) => ({
    field_order_id: order.fieldOrderId,
    meter_id: order.meterId,
    usage_point_id: order.usagePointId,
    read_at: order.readAt,
    grid_cell_id: order.gridCellId,
    cause: order.cause,
    due_at: order.dueAt,
    recorded_at: recordedAt,
  }))
  return insertRows(
    client,
    'insert into field_order select * from json_populate_recordset(null::field_order, $1) on conflict do nothing',
    rows,
  )
}

export async function findFieldOrder(client: Queryable, fieldOrderId: string) {
  const [row] = await client.query<{
    meter_id: bigint
    read_at: Instant
    register_digits: number
    register_decimals: number
    outcome: string | null
    evidence: string | null
  }>(
    `select o.meter_id, o.read_at, m.register_digits, m.register_decimals, r.outcome, r.evidence
       from field_order o join meter m using (meter_id) left join field_order_result r using (field_order_id)
      where o.field_order_id = $1`,
    [fieldOrderId],
  )
  if (row === undefined) return null
  return {
    meterId: row.meter_id,
    readAt: row.read_at,
    registerDigits: row.register_digits,
    registerDecimals: row.register_decimals,
    result: row.outcome === null ? null : { outcome: row.outcome, evidence: row.evidence },
  }
}

export interface FieldOrderResultRow {
  readonly fieldOrderId: string
  readonly outcome: string
  readonly evidence: string
  readonly actor: string
  readonly recordedAt: Instant
}

/** @returns 0 when another session answered the order first. */
export function insertFieldOrderResult(tx: Transaction, result: FieldOrderResultRow): Promise<number> {
  return tx.execute(
    `insert into field_order_result (field_order_id, outcome, evidence, actor_id, recorded_at)
     values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [result.fieldOrderId, result.outcome, result.evidence, result.actor, toTimestamptz(result.recordedAt)],
  )
}
