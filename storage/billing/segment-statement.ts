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
            case when p.segment_id is null then null
                 else (select coalesce(sum(b.debit_fen - b.credit_fen), 0)::text from segment_balance b
                        where b.segment_id = s.segment_id and b.account_number = $2) end as ledger_fen
       from run_segment s join billing_run r using (run_id) join segment_issue i using (segment_id)
       left join segment_posting p using (segment_id)
      where s.segment_id = $1`,
    [segmentId, receivableAccount],
  )
  return present(row, `issued segment ${segmentId}`)
}
