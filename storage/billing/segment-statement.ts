import { present } from '../../domain/result.js'
import type { Queryable } from '../database.js'

/** What an issued segment says of its bills together. Fen. */
export interface SegmentStatementRow {
  readonly first_number: bigint
  readonly bill_count: number
  readonly account_count: number
  /** Accounts of the segment with an exception; those that had their bill before the run are of no segment. */
  readonly held: bigint
  readonly receivable_fen: string
  /** Debit of the receivables' account; null before the posting. */
  readonly ledger_fen: string | null
  /** Of the run's manifest as it was stored, and of the inputs that the shard keeps; null where it keeps none. As hexadecimal text. */
  readonly manifest_sha256: string
  readonly input_sha256: string | null
  readonly issue_digest: string
  readonly issued_by: string
  readonly review_digest: string | null
  readonly reviewed_by: string | null
  /** Of the last dry run. */
  readonly result_digest: string | null
  readonly result_bills: number | null
  readonly result_fen: string | null
  /** Segments of the organisation and year with some of the same bill numbers, or itself where its numbers were never taken. */
  readonly overlapping: number
}

export async function segmentStatement(
  client: Queryable,
  segmentId: bigint,
  receivableAccount: number,
): Promise<SegmentStatementRow> {
  const [row] = await client.query<SegmentStatementRow>(
    `select i.first_number, i.bill_count, s.account_count,
            (select count(*) from run_exception e join determinant d on d.account_id = e.account_id and d.set_id = r.set_id
              where e.run_id = s.run_id and e.account_id between s.first_account_id and s.last_account_id and e.code <> 'already_billed') as held,
            (select coalesce(sum(v.amount_fen), 0)::text from receivable v where v.segment_id = s.segment_id) as receivable_fen,
            encode(m.sha256, 'hex') as manifest_sha256, (select encode(sha256(u.usages), 'hex') from run_input u where u.segment_id = s.segment_id) as input_sha256,
            encode(i.digest, 'hex') as issue_digest, i.issued_by, encode(w.digest, 'hex') as review_digest, w.reviewed_by,
            encode(t.digest, 'hex') as result_digest, t.bill_count as result_bills, t.amount_fen::text as result_fen,
            (select count(*)::int from segment_issue j join run_segment g using (segment_id) join billing_run o using (run_id) join run_manifest n using (run_id)
              where o.organisation_id = r.organisation_id and left(n.document ->> 'accountingDate', 4) = left(m.document ->> 'accountingDate', 4)
                and j.segment_id <> i.segment_id and j.first_number < i.first_number + i.bill_count and j.first_number + j.bill_count > i.first_number)
            + (select (count(*) = 0)::int from bill_number_lock k
                where k.organisation_id = r.organisation_id and k.year = left(m.document ->> 'accountingDate', 4)::int
                  and k.next_number >= i.first_number + i.bill_count) as overlapping,
            case when p.segment_id is null then null
                 else (select coalesce(sum(b.debit_fen - b.credit_fen), 0)::text from segment_balance b
                        where b.segment_id = s.segment_id and b.account_number = $2) end as ledger_fen
       from run_segment s join billing_run r using (run_id) join segment_issue i using (segment_id) join run_manifest m using (run_id)
       left join segment_review w on w.segment_id = s.segment_id
       left join lateral (select * from segment_result l where l.segment_id = s.segment_id order by l.attempt desc limit 1) t on true
       left join segment_posting p on p.segment_id = s.segment_id
      where s.segment_id = $1`,
    [segmentId, receivableAccount],
  )
  return present(row, `issued segment ${segmentId}`)
}
