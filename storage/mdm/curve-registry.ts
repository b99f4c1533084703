import type { MeterId } from '../../domain/reading.js'
import type { RegisterWidth } from '../../domain/register-width.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** A stretch in which a meter measured a usage point of an organisation with this time zone. */
export interface InstalledMeter extends RegisterWidth {
  readonly meterId: MeterId
  readonly meterCode: string
  readonly timeZone: string
  readonly from: Instant
  readonly to: Instant | null
}

interface InstalledRow {
  readonly meter_id: MeterId
  readonly code: string
  readonly register_digits: number
  readonly register_decimals: number
  readonly time_zone: string
  readonly effective_from: Instant
  readonly effective_to: Instant | null
}

/** Which meters: a page of all in the order of their ids, or one by its code. */
export type MeterWish = { readonly after: MeterId; readonly limit: number } | { readonly code: string }

/** Where meters of a page were installed in [from, to), as the registry knew at `now`; by meter and time. */
export async function selectInstalledMeters(
  client: Queryable,
  { from, to, now }: { readonly from: Instant; readonly to: Instant; readonly now: Instant },
  wish: MeterWish,
): Promise<readonly InstalledMeter[]> {
  const [meters, parameters] =
    'code' in wish
      ? (['select * from meter where code = $4', [wish.code]] as const)
      : (['select * from meter where meter_id > $4 order by meter_id limit $5', [wish.after, wish.limit]] as const)
  const rows = await client.query<InstalledRow>(
    `select m.meter_id, m.code, m.register_digits, m.register_decimals, o.time_zone, t.effective_from, t.effective_to
       from (${meters}) m
       join installation_timeline t using (meter_id)
       join usage_point using (usage_point_id)
       join organisation o using (organisation_id)
      where t.recorded_at <= $3 and t.effective_from < $2 and (t.effective_to is null or t.effective_to > $1)
        and not exists (select from installation_timeline later
                         where later.usage_point_id = t.usage_point_id and later.revision > t.revision and later.recorded_at <= $3)
      order by m.meter_id, t.effective_from`,
    [toTimestamptz(from), toTimestamptz(to), toTimestamptz(now), ...parameters],
  )
  return rows.map((row) => ({
    meterId: row.meter_id,
    meterCode: row.code,
    registerDigits: row.register_digits,
    registerDecimals: row.register_decimals,
    timeZone: row.time_zone,
    from: row.effective_from,
    to: row.effective_to,
  }))
}

/** The last meter of the page that begins behind `after`; null behind the last page. */
export async function lastOfPage(client: Queryable, after: MeterId, limit: number): Promise<MeterId | null> {
  const [row] = await client.query<{ readonly last: MeterId | null }>(
    'select max(meter_id) as last from (select meter_id from meter where meter_id > $1 order by meter_id limit $2) page',
    [after, limit],
  )
  return row?.last ?? null
}

export async function findMeterId(client: Queryable, code: string): Promise<MeterId | null> {
  const [row] = await client.query<{ readonly meter_id: MeterId }>('select meter_id from meter where code = $1', [code])
  return row?.meter_id ?? null
}

export async function countMeters(client: Queryable): Promise<number> {
  const [row] = await client.query<{ readonly meters: number }>('select count(*)::integer as meters from meter')
  return row?.meters ?? 0
}
