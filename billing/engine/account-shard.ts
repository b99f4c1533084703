import { createHash } from 'node:crypto'
import type { ComponentBill } from '../../storage/billing/component-bills.js'
import { copyRows } from '../../storage/copy-fields.js'
import type { AccountProblem } from '../by-account/account-problem.js'
import type { Legs } from '../ledger/legs.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import type { EntryProgram } from './entry-program.js'

/** What accounts under tariffs of components are rated by. */
export interface AccountInputs {
  /** What `readPlainInputs` read. */
  readonly plain: Uint8Array<ArrayBuffer>
  /** What `readComponentInputs` read of the others. */
  readonly documents: Uint8Array<ArrayBuffer>
}

/** The accounts of a shard under tariffs of components. */
export interface AccountShard extends AccountInputs {
  readonly tariffs: readonly ComponentTariff[]
}

/** Takes what is stored of a bill beside the columns, row after row; it keeps what it needs. */
export type TakeComponents = (row: number, bill: ComponentBill) => void

/** What the columns of a shard do not hold, by row. */
export interface AccountBills {
  /** Of bills that no entry program books. */
  readonly legs: ReadonlyMap<number, Legs>
  /** Of the versions that `BillRows.tariffs` has behind those of the columns; null where each bill brings its legs. */
  readonly entries: readonly (EntryProgram | null)[]
  readonly problems: ReadonlyMap<number, AccountProblem>
}

export const noAccountBills: AccountBills = { legs: new Map(), entries: [], problems: new Map() }

/** SHA-256 over the rows as the server sends them in binary COPYs, those of plain accounts first; null where there are none. */
export function accountInputsSha256({ plain, documents }: AccountInputs): string | null {
  const rows = [plain, documents].map(copyRows)
  if (rows.every(({ length }) => length === 0)) return null
  const sha256 = createHash('sha256')
  for (const each of rows) sha256.update(each)
  return sha256.digest('hex')
}
