import type { Transaction } from '../database.js'
import type { AccountsOfRun } from './segment-usages.js'

export interface ComponentInputsQuery extends AccountsOfRun {
  readonly tariffCodes: readonly string[]
  /** Those of them that ask for interval days. */
  readonly curveCodes: readonly string[]
}

// COPY takes no parameters, so they go through settings that end with the transaction.
const bounds = `select set_config('shuangwu.set_id', $1, true), set_config('shuangwu.first_account', $2, true),
  set_config('shuangwu.last_account', $3, true), set_config('shuangwu.tariff_codes', $4, true),
  set_config('shuangwu.curve_codes', $5, true), set_config('shuangwu.run_id', $6, true)`
// Planned over a small `bill` that another session is filling, a sequential scan for each account would take minutes.
const seqScans = `select set_config('enable_seqscan', $1, true)`

/** Without bounds of its own, what is merged would be read from the first account on for every shard. */
export function inShard(accountId: string): string {
  return `${accountId} between current_setting('shuangwu.first_account')::bigint and current_setting('shuangwu.last_account')::bigint`
}

/** The closing state of a bill; null of one without components. Asked for by its key: joined, it is looked for among all where a month was just issued. */
export function closingOf(bill: string): string {
  return `(select c.closing from component_bill c where (c.segment_id, c.ordinal) = (${bill}.segment_id, ${bill}.ordinal))`
}

/** Copies while the settings say what is asked. */
export async function askInSettings(
  tx: Transaction,
  { runId, setId, accounts, tariffCodes, curveCodes }: ComponentInputsQuery,
  copy: () => Promise<void>,
): Promise<void> {
  const codes = [tariffCodes.join(','), curveCodes.join(',')]
  await tx.query(bounds, [String(setId), String(accounts.first), String(accounts.last), ...codes, runId])
  await tx.query(seqScans, ['off'])
  await copy()
  await tx.query(seqScans, ['on'])
}
