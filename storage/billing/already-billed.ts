import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Of an account `d` in a COPY of what a run bills: the run was not frozen knowing a bill of the account for the period. */
export const notBilledBefore = `not exists (
       select from run_exception x
        where x.run_id = current_setting('shuangwu.run_id') and x.account_id = d.account_id and x.code = 'already_billed'
          and x.account_id between current_setting('shuangwu.first_account')::bigint and current_setting('shuangwu.last_account')::bigint)`

/**
 * Bills of other runs for a time that an account of set $2 has in its period as well, the first of each account. Only runs whose period
 * overlaps are looked through, so the first run of a month asks nothing of the bills of earlier ones.
 */
const billedBefore = `billed as materialized (
  select distinct on (a.account_id) a.account_id, i.first_number + b.ordinal as bill_number, o.run_id
    from determinant_set s
    join billing_run o on o.run_id <> $1 and o.period_start < s.period_end and o.period_end > s.period_start
    join run_segment g on g.run_id = o.run_id
    join segment_issue i using (segment_id)
    join bill b using (segment_id)
    join (select account_id, period_start, period_end from determinant where set_id = $2
          union all
          select h.account_id, n.period_start, n.period_end from determinant_hold h join determinant_set n using (set_id) where set_id = $2) a
      on a.account_id = b.account_id and a.period_start < b.period_end and a.period_end > b.period_start
   where s.set_id = $2
   order by a.account_id, b.period_start, i.first_number)`

/** Accounts of a set that have their bill of the period get none from this run; what changed for them since is due as a correction. */
export async function insertAlreadyBilled(
  tx: Transaction,
  { runId, setId, at }: { readonly runId: string; readonly setId: bigint; readonly at: Instant },
): Promise<number> {
  return tx.execute(
    `with ${billedBefore}
     insert into run_exception (run_id, account_id, code, detail, recorded_at)
     select $1, account_id, 'already_billed', format('bill %s (%s)', bill_number, run_id), $3 from billed`,
    [runId, setId, toTimestamptz(at)],
  )
}

export interface BilledMeanwhile {
  readonly accounts: number
  /** The first of them. */
  readonly account: string
  readonly billNumber: bigint
  readonly runId: string
}

/** Accounts that a run would bill although another run has billed them since it was frozen; null: there are none. */
export async function findBilledMeanwhile(
  client: Queryable,
  { runId, setId }: { readonly runId: string; readonly setId: bigint },
): Promise<BilledMeanwhile | null> {
  const [row] = await client.query<{ accounts: bigint; account: string; bill_number: bigint; run_id: string }>(
    `with ${billedBefore}
     select count(*) over () as accounts, a.code as account, bill_number, billed.run_id
       from billed join account a using (account_id)
      where not exists (select from run_exception x where (x.run_id, x.account_id) = ($1, billed.account_id))
      order by a.code limit 1`,
    [runId, setId],
  )
  if (row === undefined) return null
  return { accounts: Number(row.accounts), account: row.account, billNumber: row.bill_number, runId: row.run_id }
}

/** Another run that has issued some of its segments and not all, and bills accounts of the set for the same time; null: there is none. */
export async function findHalfIssued(
  client: Queryable,
  { runId, setId }: { readonly runId: string; readonly setId: bigint },
): Promise<string | null> {
  const [row] = await client.query<{ run_id: string }>(
    `select o.run_id
       from determinant_set s
       join billing_run o on o.run_id <> $1 and o.state = 'reviewed' and o.period_start < s.period_end and o.period_end > s.period_start
      where s.set_id = $2
        and exists (select from run_segment g join segment_issue i using (segment_id) where g.run_id = o.run_id)
        and exists (select from determinant a join determinant b using (account_id) where a.set_id = $2 and b.set_id = o.set_id)
      order by 1 limit 1`,
    [runId, setId],
  )
  return row?.run_id ?? null
}

/** One process issues bills at a time: whoever comes next sees what was issued. Ends with the transaction. */
export async function lockIssue(tx: Transaction): Promise<void> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('issue of bills', 0))`)
}
