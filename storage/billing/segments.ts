import { present } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface RunSegmentRow {
  readonly segment_id: bigint
  readonly natural_key: string
  readonly segment_no: number
  readonly first_account_id: bigint
  readonly last_account_id: bigint
  readonly account_count: number
  /** Digest of the last dry run; null before it. */
  readonly result_digest: Buffer | null
  readonly review_digest: Buffer | null
  readonly reviewed_by: string | null
  readonly issued: boolean
  readonly posted: boolean
}

const segmentColumns = `
  select s.segment_id, l.natural_key, s.segment_no, s.first_account_id, s.last_account_id, s.account_count,
         (select r.digest from segment_result r where r.segment_id = s.segment_id order by r.attempt desc limit 1) as result_digest,
         v.digest as review_digest, v.reviewed_by, i.segment_id is not null as issued, p.segment_id is not null as posted
    from run_segment s
    join ledger_segment l using (segment_id)
    left join segment_review v using (segment_id)
    left join segment_issue i using (segment_id)
    left join segment_posting p using (segment_id)`

/** A run's shards in order, with how far each has come. */
export async function runSegments(client: Queryable, runId: string): Promise<readonly RunSegmentRow[]> {
  return client.query<RunSegmentRow>(`${segmentColumns} where s.run_id = $1 order by s.segment_no`, [runId])
}

/** How far one shard has come by now. */
export async function runSegment(client: Queryable, segmentId: bigint): Promise<RunSegmentRow> {
  const [row] = await client.query<RunSegmentRow>(`${segmentColumns} where s.segment_id = $1`, [segmentId])
  return present(row, `segment ${segmentId}`)
}

/** Keeps two processes from writing the rows of one shard at once; the second finds that they are there. Ends with the transaction. */
export async function lockSegment(tx: Transaction, segmentId: bigint): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('segment ' || $1::text, 0))`, [String(segmentId)])
}

/** Serialises what must be in one order: segment ids, postings in the chain, payments on receivables. */
export async function lockLedger(tx: Transaction): Promise<void> {
  await tx.query('select singleton from ledger_lock for update')
}

/** A new batch of entries under its natural key; call under the ledger lock. */
export async function insertLedgerSegment(
  tx: Transaction,
  naturalKey: string,
  kind: 'bills' | 'cash' | 'opening',
  at: Instant,
): Promise<bigint> {
  const rows = await tx.query<{ segment_id: bigint }>(
    `insert into ledger_segment (segment_id, natural_key, kind, recorded_at)
     select coalesce(max(segment_id), 0) + 1, $1, $2, $3 from ledger_segment
     returning segment_id`,
    [naturalKey, kind, toTimestamptz(at)],
  )
  return present(rows[0], 'the segment just inserted').segment_id
}

export interface NewRunSegment {
  readonly runId: string
  readonly segmentNo: number
  readonly firstAccountId: bigint
  readonly lastAccountId: bigint
  readonly accountCount: number
}

export async function insertRunSegment(tx: Transaction, segmentId: bigint, segment: NewRunSegment): Promise<void> {
  await tx.execute(
    `insert into run_segment (segment_id, run_id, segment_no, first_account_id, last_account_id, account_count)
     values ($1, $2, $3, $4, $5, $6)`,
    [segmentId, segment.runId, segment.segmentNo, segment.firstAccountId, segment.lastAccountId, segment.accountCount],
  )
}

export interface SegmentTotals {
  readonly bills: number
  readonly exceptions: number
  readonly energyE4: bigint
  readonly amountFen: bigint
  readonly digest: Buffer
}

export async function insertSegmentResult(
  tx: Transaction,
  segmentId: bigint,
  totals: SegmentTotals,
  at: Instant,
): Promise<void> {
  await tx.execute(
    `insert into segment_result (segment_id, attempt, bill_count, exception_count, energy_e4, amount_fen, digest, recorded_at)
     select $1, coalesce(max(attempt), 0) + 1, $2, $3, $4, $5, $6, $7 from segment_result where segment_id = $1`,
    [segmentId, totals.bills, totals.exceptions, totals.energyE4, totals.amountFen, totals.digest, toTimestamptz(at)],
  )
}

/** What the last dry run of each segment came to, in order. */
export async function segmentResults(client: Queryable, runId: string): Promise<readonly SegmentTotals[]> {
  const rows = await client.query<{
    bill_count: number
    exception_count: number
    energy_e4: bigint
    amount_fen: bigint
    digest: Buffer
  }>(
    `select distinct on (s.segment_no) r.bill_count, r.exception_count, r.energy_e4, r.amount_fen, r.digest
       from run_segment s join segment_result r using (segment_id)
      where s.run_id = $1 order by s.segment_no, r.attempt desc`,
    [runId],
  )
  return rows.map((row) => ({
    bills: row.bill_count,
    exceptions: row.exception_count,
    energyE4: row.energy_e4,
    amountFen: row.amount_fen,
    digest: row.digest,
  }))
}

export async function insertSegmentReview(
  tx: Transaction,
  segmentId: bigint,
  digest: Buffer,
  actorId: string,
  at: Instant,
): Promise<void> {
  await tx.execute(
    'insert into segment_review (segment_id, digest, reviewed_by, reviewed_at) values ($1, $2, $3, $4)',
    [segmentId, digest, actorId, toTimestamptz(at)],
  )
}

export interface SegmentIssue {
  readonly segmentId: bigint
  readonly actorId: string
  readonly at: Instant
  readonly firstNumber: bigint
  readonly bills: number
  readonly digest: Buffer
}

export async function insertSegmentIssue(tx: Transaction, issue: SegmentIssue): Promise<void> {
  await tx.execute(
    `insert into segment_issue (segment_id, issued_by, issued_at, first_number, bill_count, digest)
     values ($1, $2, $3, $4, $5, $6)`,
    [issue.segmentId, issue.actorId, toTimestamptz(issue.at), issue.firstNumber, issue.bills, issue.digest],
  )
}

/** Takes `count` bill numbers without a gap; the first one comes back. */
export async function takeBillNumbers(
  tx: Transaction,
  organisationId: bigint,
  year: number,
  count: number,
): Promise<bigint> {
  await tx.execute(
    'insert into bill_number_lock (organisation_id, year, next_number) values ($1, $2, 1) on conflict do nothing',
    [organisationId, year],
  )
  const rows = await tx.query<{ first_number: bigint }>(
    `update bill_number_lock set next_number = next_number + $3 where (organisation_id, year) = ($1, $2)
     returning next_number - $3 as first_number`,
    [organisationId, year, count],
  )
  return present(rows[0], 'the block of bill numbers just taken').first_number
}
