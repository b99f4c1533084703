import type { MeterId, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { type RegisterColumns, toRegisters } from '../register-columns.js'
import { toTimestamptz } from '../type-parsers.js'

export interface OpenPoint {
  readonly meterId: MeterId
  readonly meterCode: string
  readonly readAt: Instant
  readonly usagePointId: bigint
}
export interface KnownValue {
  readonly readAt: Instant
  readonly registers: RegisterSet
}
export interface EstimablePoint extends OpenPoint {
  readonly timeZone: string
  /** An agreement at the usage point begins or ends at this instant. */
  readonly agreementBoundary: boolean
  readonly registerDecimals: number
  readonly before: KnownValue | null
  readonly after: KnownValue | null
}

/**
 * Due points of [from, to) that nothing serves and that no unanswered field order covers, each with the accepted values beside it.
 */
export async function findEstimablePoints(
  client: Queryable,
  query: { readonly from: Instant; readonly to: Instant; readonly liveToleranceMs: number },
): Promise<readonly EstimablePoint[]> {
  const rows = await client.query<EstimableRow>(
    // The few points without a value come first: planned as one, excuses and neighbours would be worked out for every due point.
    `with unread as materialized (
       select d.meter_id, d.read_at, d.usage_point_id, d.line_id
         from due_read d
        where d.template = 'daily_freeze' and d.read_at >= $1 and d.read_at < $2
          and not exists (select from reading_claims c
                           where c.meter_id = d.meter_id and c.quantity = 1 and c.read_at >= d.read_at
                             and c.read_at <= d.read_at + $3 * interval '1 millisecond'
                             and (c.read_at = d.read_at or c.source = 4))
          and not exists (select from validation_decision v
                           where v.meter_id = d.meter_id and v.quantity = 1 and v.read_at = d.read_at)
          and not exists (select from field_order f left join field_order_result r using (field_order_id)
                           where f.meter_id = d.meter_id and f.read_at = d.read_at and r.field_order_id is null))
     select d.meter_id, m.code as meter_code, d.read_at, d.usage_point_id, m.register_decimals, o.time_zone,
            exists (select from agreement_timeline a
                     where a.usage_point_id = d.usage_point_id and d.read_at in (a.effective_from, a.effective_to)
                       and a.revision = (select max(l.revision) from agreement_timeline l where l.account_id = a.account_id))
              as agreement_boundary,
            b.read_at as before_at, to_json(b) as before, n.read_at as after_at, to_json(n) as after
       from unread d
       join meter m on m.meter_id = d.meter_id
       join usage_point u on u.usage_point_id = d.usage_point_id
       join organisation o on o.organisation_id = u.organisation_id
       left join lateral (
         select v.read_at, v.total_e4::text, v.tou1_e4::text, v.tou2_e4::text, v.tou3_e4::text, v.tou4_e4::text
           from validated_reading v
          where v.meter_id = d.meter_id and v.quantity = 1 and v.read_at < d.read_at and v.verdict = 'accepted'
          order by v.read_at desc limit 1) b on true
       left join lateral (
         select v.read_at, v.total_e4::text, v.tou1_e4::text, v.tou2_e4::text, v.tou3_e4::text, v.tou4_e4::text
           from validated_reading v
          where v.meter_id = d.meter_id and v.quantity = 1 and v.read_at > d.read_at and v.verdict = 'accepted'
          order by v.read_at limit 1) n on true
      where not exists (select from due_excuse('infinity', d.meter_id, d.usage_point_id, d.line_id, d.read_at) x
                         where x.excuse <> 'planned_outage')
      order by d.read_at, d.meter_id`,
    [toTimestamptz(query.from), toTimestamptz(query.to), query.liveToleranceMs],
  )
  return rows.map((row) => ({
    ...toOpenPoint(row),
    timeZone: row.time_zone,
    agreementBoundary: row.agreement_boundary,
    registerDecimals: row.register_decimals,
    before: toKnown(row.before_at, row.before),
    after: toKnown(row.after_at, row.after),
  }))
}

interface OpenPointRow {
  readonly meter_id: bigint
  readonly meter_code: string
  readonly read_at: Instant
  readonly usage_point_id: bigint
}
type TextColumns = { readonly [C in keyof RegisterColumns]: string | null }
type EstimableRow = OpenPointRow & {
  readonly time_zone: string
  readonly agreement_boundary: boolean
  readonly register_decimals: number
  readonly before_at: Instant | null
  readonly before: TextColumns | null
  readonly after_at: Instant | null
  readonly after: TextColumns | null
}

function toOpenPoint(row: OpenPointRow): OpenPoint {
  return { meterId: row.meter_id, meterCode: row.meter_code, readAt: row.read_at, usagePointId: row.usage_point_id }
}

function toKnown(readAt: Instant | null, row: TextColumns | null): KnownValue | null {
  if (readAt === null || row === null || row.total_e4 === null) return null
  const tou = (text: string | null): bigint | null => (text === null ? null : BigInt(text))
  const [tou1_e4, tou2_e4, tou3_e4, tou4_e4] = [tou(row.tou1_e4), tou(row.tou2_e4), tou(row.tou3_e4), tou(row.tou4_e4)]
  return { readAt, registers: toRegisters({ total_e4: BigInt(row.total_e4), tou1_e4, tou2_e4, tou3_e4, tou4_e4 }) }
}
