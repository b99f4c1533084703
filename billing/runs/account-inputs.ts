import { noComponentInputs, readComponentInputs } from '../../storage/billing/component-inputs.js'
import type { ComponentInputsQuery } from '../../storage/billing/component-inputs-query.js'
import { countPlainInputs, readPlainInputs } from '../../storage/billing/plain-inputs.js'
import type { Transaction } from '../../storage/database.js'
import type { AccountInputs } from '../engine/account-shard.js'

/**
 * What the accounts of a shard under tariffs of components are rated by: plain ones in rows, the others in documents. Where all of the shard's
 * accounts are plain, nobody is looked for who is not.
 */
export async function readAccountInputs(
  tx: Transaction,
  query: ComponentInputsQuery,
  accounts: number,
): Promise<AccountInputs> {
  const plain = await readPlainInputs(tx, query, accounts)
  const areAll = countPlainInputs(plain) === accounts
  return { plain, documents: areAll ? noComponentInputs() : await readComponentInputs(tx, query, 'others') }
}
