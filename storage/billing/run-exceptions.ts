import type { Queryable } from '../database.js'

export interface RunException {
  readonly account: string
  readonly code: string
  readonly detail: string
}

/** Accounts that get no bill from a run, and why, by account. */
export function runExceptions(client: Queryable, runId: string): Promise<readonly RunException[]> {
  return client.query<RunException>(
    `select a.code as account, e.code, e.detail from run_exception e join account a using (account_id)
      where e.run_id = $1 order by a.code`,
    [runId],
  )
}

/** How many accounts got no bill from each run, by run and reason, the most first. */
export async function exceptionCounts(
  client: Queryable,
): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> {
  const rows = await client.query<{ run_id: string; code: string; accounts: bigint }>(
    'select run_id, code, count(*) as accounts from run_exception group by run_id, code order by run_id, accounts desc, code',
  )
  const counts = new Map<string, Record<string, number>>()
  for (const { run_id, code, accounts } of rows) counts.set(run_id, { ...counts.get(run_id), [code]: Number(accounts) })
  return counts
}
