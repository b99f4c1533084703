import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Segment that a natural key names; null when there is none. */
export async function findLedgerSegment(client: Queryable, naturalKey: string): Promise<bigint | null> {
  const [row] = await client.query<{ segment_id: bigint }>(
    'select segment_id from ledger_segment where natural_key = $1',
    [naturalKey],
  )
  return row?.segment_id ?? null
}

export interface KnownPayment {
  readonly reference: string
  readonly accountId: bigint | null
  readonly amountFen: bigint
  readonly paidAt: Instant
}

/** Payments of a channel that are already on record under these references. */
export async function knownPayments(
  client: Queryable,
  channel: string,
  references: readonly string[],
): Promise<readonly KnownPayment[]> {
  const rows = await client.query<{
    provider_reference: string
    account_id: bigint | null
    amount_fen: bigint
    paid_at: Instant
  }>(
    `select provider_reference, account_id, amount_fen, paid_at from payment
      where channel = $1 and provider_reference = any($2)`,
    [channel, references],
  )
  return rows.map((row) => ({
    reference: row.provider_reference,
    accountId: row.account_id,
    amountFen: row.amount_fen,
    paidAt: row.paid_at,
  }))
}

/** Accounts by code, with the time zone their days count in; unknown codes are absent. */
export async function accountsByCode(
  client: Queryable,
  codes: readonly string[],
): Promise<ReadonlyMap<string, { readonly accountId: bigint; readonly timeZone: string }>> {
  const rows = await client.query<{ code: string; account_id: bigint; time_zone: string }>(
    `select a.code, a.account_id, o.time_zone from account a join organisation o using (organisation_id) where a.code = any($1)`,
    [codes],
  )
  return new Map(rows.map((row) => [row.code, { accountId: row.account_id, timeZone: row.time_zone }]))
}

export interface OpenItem {
  readonly segmentId: bigint
  readonly ordinal: number
  readonly accountId: bigint
  readonly openFen: bigint
}

/** What these accounts still owe, oldest due first. */
export async function openItemsOf(client: Queryable, accountIds: readonly bigint[]): Promise<readonly OpenItem[]> {
  const rows = await client.query<{ segment_id: bigint; ordinal: number; account_id: bigint; open_fen: bigint }>(
    `select segment_id, ordinal, account_id, open_fen from open_item
      where account_id = any($1) and open_fen > 0 order by account_id, due_date, segment_id, ordinal`,
    [accountIds],
  )
  return rows.map((row) => ({
    segmentId: row.segment_id,
    ordinal: row.ordinal,
    accountId: row.account_id,
    openFen: row.open_fen,
  }))
}

export interface NewPayment extends KnownPayment {
  readonly channel: string
  readonly ordinal: number
  readonly allocations: readonly {
    readonly segmentId: bigint
    readonly ordinal: number
    readonly amountFen: bigint
  }[]
}

export async function insertPayments(
  tx: Transaction,
  segmentId: bigint,
  payments: readonly NewPayment[],
  at: Instant,
): Promise<void> {
  await tx.execute(
    `insert into payment (channel, provider_reference, account_id, amount_fen, paid_at, segment_id, ordinal, recorded_at)
     select p.channel, p.reference, p.account_id, p.amount_fen, p.paid_at, $1, p.ordinal, $2
       from unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::timestamptz[], $8::integer[])
         as p (channel, reference, account_id, amount_fen, paid_at, ordinal)`,
    [
      segmentId,
      toTimestamptz(at),
      payments.map((payment) => payment.channel),
      payments.map((payment) => payment.reference),
      payments.map((payment) => payment.accountId),
      payments.map((payment) => payment.amountFen),
      payments.map((payment) => toTimestamptz(payment.paidAt)),
      payments.map((payment) => payment.ordinal),
    ],
  )
  const allocations = payments.flatMap(({ channel, reference, allocations: parts }) =>
    parts.map((part) => ({ channel, reference, ...part })),
  )
  await tx.execute(
    `insert into payment_allocation (channel, provider_reference, receivable_segment_id, receivable_ordinal, amount_fen)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::bigint[])`,
    [
      allocations.map((part) => part.channel),
      allocations.map((part) => part.reference),
      allocations.map((part) => part.segmentId),
      allocations.map((part) => part.ordinal),
      allocations.map((part) => part.amountFen),
    ],
  )
}
