import { readComponentInputs } from '../../storage/billing/component-inputs.js'
import type { ComponentInputsQuery } from '../../storage/billing/component-inputs-query.js'
import { readPlainInputs } from '../../storage/billing/plain-inputs.js'
import type { Transaction } from '../../storage/database.js'
import type { AccountInputs } from '../engine/account-shard.js'

/** What the accounts of a shard under tariffs of components are rated by: plain ones in rows, the others in documents. */
export async function readAccountInputs(
  tx: Transaction,
  query: ComponentInputsQuery,
  expectedAccounts: number,
): Promise<AccountInputs> {
  const plain = await readPlainInputs(tx, query, expectedAccounts)
  return { plain, documents: await readComponentInputs(tx, query, 'others') }
}
