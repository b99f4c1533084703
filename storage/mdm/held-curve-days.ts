import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { Finding } from './exceptions.js'

/** Days of curves of [from, to) that are held as they stand, as findings at the usage points where their meters hung. */
export async function findHeldCurveDays(
  client: Queryable,
  { from, to, knownAt }: { readonly from: Instant; readonly to: Instant; readonly knownAt: Instant },
): Promise<readonly Finding[]> {
  const rows = await client.query<HeldDay>(
    `select d.meter_id, d.channel, d.day_start, d.service_date::text, d.revision, d.rules, d.reason, i.usage_point_id
       from interval_day_latest d
       join lateral (select i.usage_point_id from installation_as_of($3, d.day_start + interval '12 hours') i
                      where i.meter_id = d.meter_id limit 1) i on true
      where d.verdict = 'held' and d.day_start >= $1 and d.day_start < $2
      order by d.day_start, d.meter_id, d.channel`,
    [toTimestamptz(from), toTimestamptz(to), toTimestamptz(knownAt)],
  )
  return rows.map((row) => ({
    findingKey: `curve_day_held/${row.meter_id}/${row.channel}/${row.service_date}/${row.revision}`,
    kind: 'curve_day_held',
    usagePointId: row.usage_point_id,
    transformerAreaId: null,
    meterId: row.meter_id,
    accountId: null,
    readAt: null,
    periodStart: row.day_start,
    periodEnd: null,
    detail: `${row.service_date}: ${row.reason}`,
    evidence: { serviceDate: row.service_date, channel: row.channel, revision: row.revision, rules: row.rules },
  }))
}

interface HeldDay {
  readonly meter_id: bigint
  readonly channel: number
  readonly day_start: Instant
  readonly service_date: string
  readonly revision: number
  readonly rules: readonly string[]
  readonly reason: string
  readonly usage_point_id: bigint
}
