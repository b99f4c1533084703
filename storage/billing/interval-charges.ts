import { present } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

const copyChargesFrom = `copy interval_charge (rating_id, account_id, tariff_code, tariff_version, period_start, period_end, energy_e4,
  amount_fen, line_component, line_slot, line_quantity_e4, line_price_e8, line_fen, lines_sha256) from stdin (format binary)`

/** Pieces that came from another thread are no Buffers any more. */
export async function copyIntervalCharges(tx: Transaction, pieces: readonly Uint8Array[]): Promise<void> {
  await tx.copyIn(
    copyChargesFrom,
    pieces.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  )
}

export interface IntervalException {
  readonly accountId: bigint
  readonly code: string
  readonly detail: string
}

export async function insertIntervalExceptions(
  tx: Transaction,
  ratingId: bigint,
  exceptions: readonly IntervalException[],
): Promise<void> {
  if (exceptions.length === 0) return
  await tx.execute(
    `insert into interval_exception (rating_id, account_id, code, detail)
     select $1, e.account_id, e.code, e.detail from unnest($2::bigint[], $3::text[], $4::text[]) e (account_id, code, detail)`,
    [
      ratingId,
      exceptions.map(({ accountId }) => accountId),
      exceptions.map(({ code }) => code),
      exceptions.map(({ detail }) => detail),
    ],
  )
}

export interface IntervalShardResult {
  readonly firstAccountId: bigint
  readonly lastAccountId: bigint
  readonly accounts: number
  readonly parked: number
  readonly energyE4: bigint
  readonly amountFen: bigint
  readonly resultSha256: Uint8Array
}

/**
 * Claims a shard; comes first in the transaction that writes its lines, so that of two processes with the same shard one waits and learns
 * that it is done.
 * @returns false when it was there
 */
export async function insertIntervalShard(
  tx: Transaction,
  ratingId: bigint,
  result: IntervalShardResult,
  at: Instant,
): Promise<boolean> {
  const { firstAccountId, lastAccountId, accounts, parked, energyE4, amountFen, resultSha256 } = result
  const inserted = await tx.execute(
    `insert into interval_rating_shard (rating_id, first_account_id, last_account_id, account_count, charged_count, parked_count,
            energy_e4, amount_fen, result_sha256, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    [
      ratingId,
      firstAccountId,
      lastAccountId,
      accounts,
      accounts - parked,
      parked,
      energyE4,
      amountFen,
      resultSha256,
      toTimestamptz(at),
    ],
  )
  return inserted === 1
}

/** The lowest and the highest account of each shard of so many that no stored shard of the rating covers. */
export async function planIntervalShards(
  client: Queryable,
  ratingId: bigint,
  accountsPerShard: number,
): Promise<readonly { readonly first: bigint; readonly last: bigint }[]> {
  return client.query<{ first: bigint; last: bigint }>(
    `with open as (
       select q.account_id, row_number() over (order by q.account_id) - 1 as place
         from interval_rating r join determinant_quantity q using (set_id)
        where r.rating_id = $1 and q.quantity = 'interval_days'
          and not exists (select from interval_rating_shard s
                           where s.rating_id = $1 and q.account_id between s.first_account_id and s.last_account_id))
     select min(account_id) as first, max(account_id) as last from open group by place / $2::bigint order by 1`,
    [ratingId, accountsPerShard],
  )
}

export interface NewIntervalRating {
  readonly setId: bigint
  readonly tariffsSha256: Uint8Array
  readonly tariffs: unknown
  readonly actorId: string
  readonly at: Instant
}

/** The rating of a set under these versions, which there is once. */
export async function openIntervalRating(client: Queryable, rating: NewIntervalRating): Promise<bigint> {
  const { setId, tariffsSha256, tariffs, actorId, at } = rating
  await client.execute(
    `insert into interval_rating (set_id, tariffs_sha256, tariffs, recorded_at, actor_id) values ($1, $2, $3, $4, $5)
     on conflict (set_id, tariffs_sha256) do nothing`,
    [setId, tariffsSha256, JSON.stringify(tariffs), toTimestamptz(at), actorId],
  )
  const [row] = await client.query<{ rating_id: bigint }>(
    'select rating_id from interval_rating where set_id = $1 and tariffs_sha256 = $2',
    [setId, tariffsSha256],
  )
  return present(row, 'the rating that was just opened').rating_id
}

export interface IntervalRatingTotals {
  readonly accounts: number
  readonly charged: number
  readonly parked: number
  readonly energyE4: bigint
  readonly amountFen: bigint
}

export async function intervalRatingTotals(client: Queryable, ratingId: bigint): Promise<IntervalRatingTotals> {
  const [row] = await client.query<{
    accounts: number
    charged: number
    parked: number
    energy_e4: bigint
    amount_fen: bigint
  }>(
    `select coalesce(sum(account_count), 0)::integer as accounts, coalesce(sum(charged_count), 0)::integer as charged,
            coalesce(sum(parked_count), 0)::integer as parked, coalesce(sum(energy_e4), 0)::bigint as energy_e4,
            coalesce(sum(amount_fen), 0)::bigint as amount_fen
       from interval_rating_shard where rating_id = $1`,
    [ratingId],
  )
  return {
    accounts: row?.accounts ?? 0,
    charged: row?.charged ?? 0,
    parked: row?.parked ?? 0,
    energyE4: row?.energy_e4 ?? 0n,
    amountFen: row?.amount_fen ?? 0n,
  }
}

/** Null where no set is closed under the number. */
export async function timeZoneOfSet(client: Queryable, setId: bigint): Promise<string | null> {
  const [row] = await client.query<{ time_zone: string }>(
    'select o.time_zone from determinant_set s join organisation o using (organisation_id) where s.set_id = $1',
    [setId],
  )
  return row?.time_zone ?? null
}
