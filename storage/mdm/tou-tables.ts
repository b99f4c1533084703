import { parseTouTables, type TouTables, type TouUse } from '../../domain/tou-tables.js'
import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Tables of a meter, from the first read that found them to the last. */
export interface SeenRow extends TouUse {
  readonly meterId: MeterId
  readonly digest: string
  readonly firstSeenAt: Instant
  readonly lastSeenAt: Instant
}

/** What reads recorded by `knownAt` found in meters, by meter and time. Meters that were never asked are not in it. */
export function selectSeenTables(
  client: Queryable,
  wish: { readonly meterIds: readonly MeterId[]; readonly knownAt: Instant },
): Promise<readonly SeenRow[]> {
  return client.query<SeenRow>(
    `select meter_id as "meterId", encode(tables_digest, 'hex') as digest, zone_table as "zoneTable",
            day_table_set as "dayTableSet", zone_switch_at as "zoneSwitchAt", day_switch_at as "daySwitchAt",
            first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt"
       from tou_tables_seen($1::bigint[], $2)
      order by meter_id, first_seen_at`,
    [wish.meterIds.map(String), toTimestamptz(wish.knownAt)],
  )
}

/** Tables by their digest. */
export async function selectTables(
  client: Queryable,
  digests: readonly string[],
): Promise<ReadonlyMap<string, TouTables>> {
  const rows = await client.query<{ readonly digest: string; readonly document: unknown }>(
    `select encode(tables_digest, 'hex') as digest, document from tou_tables
      where tables_digest in (select decode(d, 'hex') from unnest($1::text[]) d)`,
    [digests],
  )
  return new Map(rows.map(({ digest, document }) => [digest, parseTouTables(document)]))
}

/** A meter that measures for an account under a tariff over [from, to). */
export interface TouMeter {
  readonly meterId: MeterId
  readonly meterCode: string
  readonly usagePointId: bigint
  readonly accountId: bigint
  readonly accountCode: string
  readonly areaCode: string
  readonly tariffCode: string
  readonly from: Instant
  readonly to: Instant
}

export interface TouScope {
  /** Codes; null for any. */
  readonly tariff: string | null
  readonly meter: string | null
  readonly area: string | null
  readonly crew: string | null
}

/** The meters of accounts in [from, to) as known at an instant, by meter and begin. */
export function selectTouMeters(
  client: Queryable,
  scope: TouScope,
  wish: { readonly from: Instant; readonly to: Instant; readonly knownAt: Instant },
): Promise<readonly TouMeter[]> {
  return client.query<TouMeter>(
    `with agreements as (
       select a.* from agreement_timeline a
        where a.recorded_at <= $3 and a.effective_from < $2 and coalesce(a.effective_to, 'infinity') > $1
          and ($4::text is null or a.tariff_code = $4)
          and not exists (select from agreement_timeline n
                           where n.account_id = a.account_id and n.revision > a.revision and n.recorded_at <= $3)),
     installations as (
       select i.* from installation_timeline i
        where i.recorded_at <= $3 and i.effective_from < $2 and coalesce(i.effective_to, 'infinity') > $1
          and not exists (select from installation_timeline n
                           where n.usage_point_id = i.usage_point_id and n.revision > i.revision and n.recorded_at <= $3))
     select i.meter_id as "meterId", m.code as "meterCode", a.usage_point_id as "usagePointId", a.account_id as "accountId",
            c.code as "accountCode", t.code as "areaCode", a.tariff_code as "tariffCode",
            greatest($1::timestamptz, a.effective_from, i.effective_from) as from,
            least($2::timestamptz, a.effective_to, i.effective_to) as to
       from agreements a
       join installations i on i.usage_point_id = a.usage_point_id
        and i.effective_from < coalesce(a.effective_to, 'infinity') and coalesce(i.effective_to, 'infinity') > a.effective_from
       join meter m using (meter_id) join account c using (account_id)
       join usage_point p on p.usage_point_id = a.usage_point_id join transformer_area t using (transformer_area_id)
      where ($5::text is null or m.code = $5) and ($6::text is null or t.code = $6)
        and ($7::text is null or exists (select from crew_area_as_of($3, $3) o join crew w using (crew_id)
                                          where o.transformer_area_id = t.transformer_area_id and w.code = $7))
      order by m.code, i.meter_id, greatest($1::timestamptz, a.effective_from, i.effective_from)`,
    [
      toTimestamptz(wish.from),
      toTimestamptz(wish.to),
      toTimestamptz(wish.knownAt),
      scope.tariff,
      scope.meter,
      scope.area,
      scope.crew,
    ],
  )
}
