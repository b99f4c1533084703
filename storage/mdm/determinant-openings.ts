import type { MeterId } from '../../domain/reading.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { FreezeQuery } from './freeze-segments.js'

/** What the old books say of an account, from a batch that two people approved. kWh e4: registers before the multiplier, energies after it. */
export interface OpeningRow {
  readonly accountId: bigint
  readonly batch: string
  readonly kind: 'register' | 'ladder' | 'estimate'
  readonly asOf: Instant
  /** The local day that begins there. */
  readonly asOfDay: LocalDate
  readonly meterId: MeterId | null
  readonly fromDay: LocalDate | null
  readonly toDay: LocalDate | null
  readonly energyE4: bigint
  readonly touE4: readonly [bigint | null, bigint | null, bigint | null, bigint | null]
  readonly ladderMonths: number | null
}

/** Opening items in force by `knownAt` that say what the first bill begins with, by account. */
export async function readOpenings(
  client: Queryable,
  { knownAt }: Pick<FreezeQuery, 'knownAt'>,
  accounts: readonly bigint[],
): Promise<readonly OpeningRow[]> {
  const rows = await client.query<{
    account_id: bigint
    batch: string
    kind: OpeningRow['kind']
    as_of: Instant
    as_of_day: LocalDate
    meter_id: bigint | null
    from_day: LocalDate | null
    to_day: LocalDate | null
    energy_e4: bigint
    tou1_e4: bigint | null
    tou2_e4: bigint | null
    tou3_e4: bigint | null
    tou4_e4: bigint | null
    ladder_months: number | null
  }>(
    `with batches as materialized (select code, as_of from opening_batch_in_force where in_force_at <= $2)
     select i.account_id, i.batch, i.kind, b.as_of, (b.as_of at time zone o.time_zone)::date as as_of_day, i.meter_id, i.from_day, i.to_day,
            i.energy_e4, i.tou1_e4, i.tou2_e4, i.tou3_e4, i.tou4_e4, i.ladder_months
       from opening_item i
       join batches b on b.code = i.batch
       join account a on a.account_id = i.account_id
       join organisation o on o.organisation_id = a.organisation_id
      where i.account_id = any($1::bigint[]) and i.kind in ('register', 'ladder', 'estimate')
      order by i.account_id, i.kind, i.batch, i.meter_id, i.from_day`,
    [accounts, toTimestamptz(knownAt)],
  )
  return rows.map((row) => ({
    accountId: row.account_id,
    batch: row.batch,
    kind: row.kind,
    asOf: row.as_of,
    asOfDay: row.as_of_day,
    meterId: row.meter_id,
    fromDay: row.from_day,
    toDay: row.to_day,
    energyE4: row.energy_e4,
    touE4: [row.tou1_e4, row.tou2_e4, row.tou3_e4, row.tou4_e4],
    ladderMonths: row.ladder_months,
  }))
}

/**
 * Since when accounts are billed by this product and no longer by the old books: where their registers, ladders and estimates end there.
 * Absent where nothing says so; money and demands of the old books come in whenever somebody finds them, and say nothing of it.
 */
export async function readGoLives(
  client: Queryable,
  { knownAt }: Pick<FreezeQuery, 'knownAt'>,
  accounts: readonly bigint[],
): Promise<ReadonlyMap<bigint, Instant>> {
  const rows = await client.query<{ account_id: bigint; as_of: Instant }>(
    `with batches as materialized (select code, as_of from opening_batch_in_force where in_force_at <= $2)
     select account_id, max(as_of) as as_of
       from (select i.account_id, b.as_of from opening_item i join batches b on b.code = i.batch
              where i.account_id = any($1::bigint[]) and i.kind in ('register', 'ladder', 'estimate')
             union all
             select account_id, as_of from opening_state where account_id = any($1::bigint[]) and recorded_at <= $2) said
      group by account_id`,
    [accounts, toTimestamptz(knownAt)],
  )
  return new Map(rows.map((row) => [row.account_id, row.as_of]))
}
