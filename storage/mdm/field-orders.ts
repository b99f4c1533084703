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
        and not exists (select from field_order o where o.meter_id = d.meter_id and o.read_at = d.read_at)
        and exists (select from due_point_state($2, d.meter_id, d.template, d.usage_point_id, d.line_id, d.read_at, false) x
                     where x.state = 'open')
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

/** An order with the meter's display and what came of it. */
export interface StoredFieldOrder {
  readonly meterId: MeterId
  readonly meterCode: string
  readonly readAt: Instant
  readonly timeZone: string
  readonly registerDigits: number
  readonly registerDecimals: number
  readonly outcome: string | null
  readonly evidence: string | null
  readonly reader: string | null
  readonly visitedAt: Instant | null
}

export async function findFieldOrder(client: Queryable, fieldOrderId: string): Promise<StoredFieldOrder | null> {
  const [row] = await client.query<StoredFieldOrder>(
    `select o.meter_id as "meterId", m.code as "meterCode", o.read_at as "readAt", z.time_zone as "timeZone",
            m.register_digits::integer as "registerDigits", m.register_decimals::integer as "registerDecimals", r.outcome, r.evidence, r.reader, r.visited_at as "visitedAt"
       from field_order o
       join meter m using (meter_id)
       join usage_point u using (usage_point_id)
       join organisation z on z.organisation_id = u.organisation_id
       left join field_order_result r using (field_order_id)
      where o.field_order_id = $1`,
    [fieldOrderId],
  )
  return row ?? null
}

export interface FieldOrderResultRow {
  readonly fieldOrderId: string
  readonly outcome: string
  readonly evidence: string
  /** Who read the display, and when; null where nobody said. */
  readonly reader: string | null
  readonly visitedAt: Instant | null
  readonly actor: string
  readonly recordedAt: Instant
}

/** @returns 0 when another session answered the order first. */
export function insertFieldOrderResult(tx: Transaction, result: FieldOrderResultRow): Promise<number> {
  return tx.execute(
    `insert into field_order_result (field_order_id, outcome, evidence, actor_id, recorded_at, reader, visited_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [
      result.fieldOrderId,
      result.outcome,
      result.evidence,
      result.actor,
      toTimestamptz(result.recordedAt),
      result.reader,
      result.visitedAt === null ? null : toTimestamptz(result.visitedAt),
    ],
  )
}

/** A visit that nobody has made yet, with where it leads and what is at stake. */
export interface OpenFieldOrder {
  readonly fieldOrderId: string
  readonly meterCode: string
  readonly communicationAddress: string
  readonly usagePointCode: string
  readonly supplyAddress: string
  readonly areaCode: string
  readonly crewCode: string | null
  readonly accountCode: string | null
  readonly timeZone: string
  readonly readAt: Instant
  readonly dueAt: Instant
  readonly cause: string
  /** Of the exception behind it, where there is one. */
  readonly kind: string | null
  readonly priceE8: bigint | null
  readonly expectedEnergyE4: bigint | null
}

/** As of `at` crews own areas; `crew` null: of all, `none`: of areas that no crew has. */
export function openFieldOrdersOf(
  client: Queryable,
  at: Instant,
  crew: string | null,
): Promise<readonly OpenFieldOrder[]> {
  return client.query<OpenFieldOrder>(
    `select o.field_order_id as "fieldOrderId", m.code as "meterCode", m.communication_address as "communicationAddress",
            u.code as "usagePointCode", u.supply_address as "supplyAddress", a.code as "areaCode", w.code as "crewCode",
            g.code as "accountCode", o.read_at as "readAt", o.due_at as "dueAt", o.cause, x.kind,
            z.time_zone as "timeZone", r.price_e8 as "priceE8", r.expected_energy_e4 as "expectedEnergyE4"
       from field_order o
       join meter m using (meter_id)
       join usage_point u using (usage_point_id)
       join transformer_area a using (transformer_area_id)
       join organisation z on z.organisation_id = u.organisation_id
       left join crew_area_as_of($1, $1) c using (transformer_area_id)
       left join crew w using (crew_id)
       left join lateral (
         select k.account_id, k.code from agreement_timeline t join account k using (account_id)
          where t.usage_point_id = o.usage_point_id
            and t.revision = (select max(z.revision) from agreement_timeline z where z.account_id = t.account_id)
            and t.effective_from <= o.read_at
          order by t.effective_from desc, t.account_id limit 1) g on true
       left join money_at_risk_now r on r.account_id = g.account_id
       left join lateral (
         select e.kind from exception e where (e.meter_id, e.quantity, e.read_at) = (o.meter_id, 1, o.read_at)
          order by e.recorded_at desc limit 1) x on true
      where not exists (select from field_order_result f where f.field_order_id = o.field_order_id)
        and ($2::text is null or w.code = $2 or ($2 = 'none' and w.code is null))
      order by o.due_at, o.field_order_id`,
    [toTimestamptz(at), crew],
  )
}
