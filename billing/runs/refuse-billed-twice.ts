import { UserError } from '../../domain/errors.js'
import { findBilledMeanwhile, findHalfIssued } from '../../storage/billing/already-billed.js'
import type { Queryable } from '../../storage/database.js'

interface RunOnSet {
  readonly runId: string
  readonly setId: bigint
}

/**
 * Nobody gets two bills of one period. Call under the lock of issues, before the first segment.
 * @throws UserError refused: `issue_unfinished`, `already_billed`.
 */
export async function refuseBilledTwice(client: Queryable, run: RunOnSet): Promise<void> {
  await refuseHalfIssued(client, run)
  const billed = await findBilledMeanwhile(client, run)
  if (billed === null) return
  const { accounts, account, billNumber, runId } = billed
  throw new UserError(
    'refused',
    `${run.runId}: 冻结之后另有批次为其中 ${accounts} 户发了本期账单，如 ${account} 的 ${billNumber} 号（${runId}）；请重新冻结批次，已有账单的户会列为例外 ${accounts} of its accounts got their bill of the period since it was frozen, such as ${account} number ${billNumber}; freeze a further run, which excepts them`,
    { reason: 'already_billed' },
  )
}

/** A run that has begun to issue is finished before another one bills accounts of its own for the same time. */
export async function refuseHalfIssued(client: Queryable, run: RunOnSet): Promise<void> {
  const other = await findHalfIssued(client, run)
  if (other !== null)
    throw new UserError(
      'refused',
      `${run.runId}: 批次 ${other} 发行未完，请先发行完毕 run ${other} has issued some of its segments; issue the rest of it first`,
      { reason: 'issue_unfinished' },
    )
}
