import type { Instant, LocalDate } from '../../domain/time.js'
import { encodeCopy } from '../copy-binary.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** One double-entry posting; element i of `amountsFen` is on ledger account `ledgerNumbers[i]`, debits positive, credits negative. */
export interface JournalEntry {
  readonly ordinal: number
  readonly effectiveDate: LocalDate
  readonly documentKind: 'bill' | 'payment' | 'opening'
  readonly accountId: bigint | null
  readonly ledgerNumbers: readonly number[]
  readonly amountsFen: readonly bigint[]
}

export async function insertEntries(
  tx: Transaction,
  segmentId: bigint,
  entries: readonly JournalEntry[],
): Promise<void> {
  const rows = entries.map(
    (entry) =>
      [
        segmentId,
        entry.ordinal,
        entry.effectiveDate,
        entry.documentKind,
        entry.accountId,
        entry.ledgerNumbers,
        entry.amountsFen,
      ] as const,
  )
  await tx.copyIn(
    `copy journal_entry (segment_id, ordinal, effective_date, document_kind, account_id, ledger_numbers, amounts_fen)
     from stdin (format binary)`,
    encodeCopy(['int8', 'int4', 'date', 'text', 'int8', 'int4[]', 'int8[]'], rows),
  )
}

/**
 * Streams the entries of a segment in order as the lines that the chain covers, each with its newline: ordinal, date, kind of document,
 * account (nothing where there is none), ledger accounts and amounts in fen, each list with commas. A piece is overwritten by the next one.
 */
export async function streamEntryLines(
  client: Queryable,
  segmentId: bigint,
  take: (chunk: Buffer) => void,
): Promise<void> {
  await client.copyOut(
    `copy (select concat_ws(' ', ordinal, to_char(effective_date, 'YYYY-MM-DD'), document_kind, coalesce(account_id::text, ''),
                  array_to_string(ledger_numbers, ','), array_to_string(amounts_fen, ','))
             from journal_entry where segment_id = ${segmentId} order by ordinal) to stdout`,
    take,
    'passing',
  )
}

/** The same lines, kept. */
export async function readEntryLines(client: Queryable, segmentId: bigint): Promise<readonly Buffer[]> {
  const pieces: Buffer[] = []
  await streamEntryLines(client, segmentId, (piece) => pieces.push(Buffer.from(piece)))
  return pieces
}

/** How many entries a segment has, and what they come to by ledger account. */
export async function entryTotals(
  client: Queryable,
  segmentId: bigint,
): Promise<{ readonly count: number; readonly balances: readonly AccountBalance[] }> {
  const rows = await client.query<BalanceRow & { readonly first_legs: bigint }>(
    `select leg.number as account_number, coalesce(sum(leg.fen) filter (where leg.fen > 0), 0)::text as debit_fen,
            coalesce(-sum(leg.fen) filter (where leg.fen < 0), 0)::text as credit_fen, count(*) filter (where leg.place = 1) as first_legs
       from journal_entry e, unnest(e.ledger_numbers, e.amounts_fen) with ordinality as leg (number, fen, place)
      where e.segment_id = $1 group by leg.number order by leg.number`,
    [segmentId],
  )
  return { count: rows.reduce((sum, row) => sum + Number(row.first_legs), 0), balances: rows.map(toBalance) }
}

interface BalanceRow {
  readonly account_number: number
  readonly debit_fen: string
  readonly credit_fen: string
}

function toBalance(row: BalanceRow): AccountBalance {
  return {
    accountNumber: row.account_number,
    debitFen: BigInt(row.debit_fen),
    creditFen: BigInt(row.credit_fen),
  }
}

export interface ChainLink {
  readonly chainNo: bigint
  readonly sha256: Buffer
}

/** The last posting of the chain; null before the first. */
export async function lastChainLink(tx: Transaction): Promise<ChainLink | null> {
  const [row] = await tx.query<{ chain_no: bigint; chain_sha256: Buffer }>(
    'select chain_no, chain_sha256 from segment_posting order by chain_no desc limit 1',
  )
  return row === undefined ? null : { chainNo: row.chain_no, sha256: row.chain_sha256 }
}

export interface NewPosting {
  readonly segmentId: bigint
  readonly actorId: string
  readonly at: Instant
  readonly link: ChainLink
  readonly entryCount: number
  readonly balances: readonly AccountBalance[]
}

/** A ledger account's debits and credits, both not negative. */
export interface AccountBalance {
  readonly accountNumber: number
  readonly debitFen: bigint
  readonly creditFen: bigint
}

export async function insertPosting(tx: Transaction, posting: NewPosting): Promise<void> {
  const { segmentId, balances } = posting
  await tx.execute(
    `insert into segment_posting (segment_id, posted_by, posted_at, chain_no, entry_count, chain_sha256)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      segmentId,
      posting.actorId,
      toTimestamptz(posting.at),
      posting.link.chainNo,
      posting.entryCount,
      posting.link.sha256,
    ],
  )
  await tx.execute(
    `insert into segment_balance (segment_id, account_number, debit_fen, credit_fen)
     select $1, * from unnest($2::integer[], $3::numeric[], $4::numeric[])`,
    [
      segmentId,
      balances.map((balance) => balance.accountNumber),
      balances.map((balance) => balance.debitFen),
      balances.map((balance) => balance.creditFen),
    ],
  )
}

export interface PostedSegment {
  readonly segment_id: bigint
  readonly natural_key: string
  readonly chain_no: bigint
  readonly entry_count: number
  readonly chain_sha256: Buffer
}

/** Every posting in the order of the chain. */
export async function postedSegments(client: Queryable): Promise<readonly PostedSegment[]> {
  return client.query<PostedSegment>(
    `select p.segment_id, l.natural_key, p.chain_no, p.entry_count, p.chain_sha256
       from segment_posting p join ledger_segment l using (segment_id) order by p.chain_no`,
  )
}

export async function segmentBalances(client: Queryable, segmentId: bigint): Promise<readonly AccountBalance[]> {
  const rows = await client.query<BalanceRow>(
    'select account_number, debit_fen, credit_fen from segment_balance where segment_id = $1 order by account_number',
    [segmentId],
  )
  return rows.map(toBalance)
}

export interface TrialBalanceRow extends AccountBalance {
  readonly nameZh: string
  readonly nameEn: string
}

/** Totals per ledger account over all posted segments, by account number. */
export async function trialBalanceRows(client: Queryable): Promise<readonly TrialBalanceRow[]> {
  const rows = await client.query<{
    account_number: number
    name_zh: string
    name_en: string
    debit_fen: string
    credit_fen: string
  }>('select account_number, name_zh, name_en, debit_fen, credit_fen from trial_balance order by account_number')
  return rows.map((row) => ({
    accountNumber: row.account_number,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    debitFen: BigInt(row.debit_fen),
    creditFen: BigInt(row.credit_fen),
  }))
}
