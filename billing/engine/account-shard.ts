import { createHash } from 'node:crypto'
import type { ComponentBillRow } from '../../storage/billing/component-bills.js'
import { copyRows } from '../../storage/copy-fields.js'
import type { AccountProblem } from '../by-account/account-problem.js'
import type { Legs } from '../ledger/legs.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'

/** The accounts of a shard that are rated one by one. */
export interface AccountShard {
  /** What `readComponentInputs` read. */
  readonly inputs: Uint8Array<ArrayBuffer>
  readonly tariffs: readonly ComponentTariff[]
}

/** What the columns of a shard do not hold, by row. */
export interface AccountBills {
  readonly legs: ReadonlyMap<number, Legs>
  readonly problems: ReadonlyMap<number, AccountProblem>
  readonly components: ReadonlyMap<number, Omit<ComponentBillRow, 'ordinal'>>
}

export const noAccountBills: AccountBills = { legs: new Map(), problems: new Map(), components: new Map() }

/** SHA-256 over the rows as the server sends them in a binary COPY; null where there are none. */
export function accountInputsSha256(inputs: Uint8Array): string | null {
  const rows = copyRows(inputs)
  return rows.length === 0 ? null : createHash('sha256').update(rows).digest('hex')
}
