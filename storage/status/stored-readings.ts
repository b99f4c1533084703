import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toReadingSource } from '../reading-source.js'
import { toTimestamptz } from '../type-parsers.js'

/** A claim, or an estimate in its place; energies kWh e4 as texts. */
export interface StoredReading {
  readonly meterCode: string
  readonly readAt: Instant
  readonly totalE4: string
  readonly tou1E4: string | null
  readonly tou2E4: string | null
  readonly tou3E4: string | null
  readonly tou4E4: string | null
  /** As in domain/reading.ts, or `estimated`. */
  readonly source: string
}

interface Row extends Omit<StoredReading, 'source'> {
  /** Null for an estimate. */
  readonly source: number | null
}

/** Every claim with read_at in [from, to), and every estimate that stands for one. */
export async function selectStoredReadings(
  client: Queryable,
  span: { readonly from: Instant; readonly to: Instant },
): Promise<readonly StoredReading[]> {
  const rows = await client.query<Row>(
    `select m.code as "meterCode", v.read_at as "readAt", v.total_e4::text as "totalE4", v.tou1_e4::text as "tou1E4",
            v.tou2_e4::text as "tou2E4", v.tou3_e4::text as "tou3E4", v.tou4_e4::text as "tou4E4", v.source
       from (select meter_id, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source from reading_claims where quantity = 1
             union all
             select meter_id, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, null from validated_reading
              where quantity = 1 and verdict = 'estimated') v
       join meter m using (meter_id)
      where v.read_at >= $1 and v.read_at < $2
      order by m.code, v.read_at, v.source`,
    [toTimestamptz(span.from), toTimestamptz(span.to)],
  )
  return rows.map((row) => ({ ...row, source: row.source === null ? 'estimated' : toReadingSource(row.source) }))
}

/** Field orders for due points in [from, to). */
export async function countFieldOrders(
  client: Queryable,
  span: { readonly from: Instant; readonly to: Instant },
): Promise<number> {
  const [row] = await client.query<{ readonly count: number }>(
    'select count(*)::integer as count from field_order where read_at >= $1 and read_at < $2',
    [toTimestamptz(span.from), toTimestamptz(span.to)],
  )
  return row?.count ?? 0
}
