import type { Queryable, Transaction } from './database.js'

/** Changes take it alone, issues share it: no bill is issued while a change that it may rest on takes effect. Ends with the transaction. */
export async function lockWhatBillsRestOn(tx: Transaction, by: 'change' | 'issue'): Promise<void> {
  const lock = by === 'change' ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared'
  await tx.execute(`select ${lock}(hashtextextended('what bills rest on', 0))`)
}

/** A correction (`kind object`), a decision (its id) or an opening batch (its code) that took effect and that nothing was done anew after. */
export interface ChangeToFollowUp {
  readonly what: 'correction' | 'decision' | 'opening'
  readonly named: string
}

/** What the determinants of a run's organisation do not know yet, where the run has not begun to issue; null: nothing. */
export async function findChangeToFollowUp(client: Queryable, runId: string): Promise<ChangeToFollowUp | null> {
  const [row] = await client.query<ChangeToFollowUp>(
    `select c.what, c.named from billing_run r cross join lateral change_to_follow_up(r.organisation_id) c
      where r.run_id = $1 and not exists (select from run_segment s join segment_issue i using (segment_id) where s.run_id = r.run_id)`,
    [runId],
  )
  return row ?? null
}
