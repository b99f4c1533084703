import { encodeShard } from '../../billing/engine/encode-shard.js'
import { CopyWriter } from '../../storage/copy-writer.js'
import type { ShardBills } from '../../billing/engine/rate-shard.js'
import { invariant, present } from '../../domain/result.js'
import { type CopyRow, type CopyType, createCopyDecoder } from '../../storage/copy-binary.js'

/** What the database would get of a shard, by account, without what all rows of a shard share. */
export interface EngineRows {
  readonly bills: ReadonlyMap<bigint, readonly unknown[]>
  readonly receivables: ReadonlyMap<bigint, readonly unknown[]>
  readonly entries: ReadonlyMap<bigint, readonly unknown[]>
}

const billTypes = [
  ...(['int8', 'int4', 'int8', 'timestamptz', 'timestamptz', 'int8', 'int8', 'int8', 'bool'] as const),
  ...(['int2[]', 'int2[]', 'int2[]', 'int8[]', 'int8[]', 'int8[]', 'text', 'int4', 'bytea'] as const),
] as const
const receivableTypes = ['int8', 'int4', 'int8', 'date', 'int8'] as const
const entryTypes = ['int8', 'int4', 'date', 'text', 'int8', 'int4[]', 'int8[]'] as const
const terms = { segmentId: 7n, dueDate: '2026-08-18', accountingDate: '2026-08-03' } as const

export function engineRows(shard: ShardBills): EngineRows {
  const bills = new Map<bigint, readonly unknown[]>()
  const receivables = new Map<bigint, readonly unknown[]>()
  const entries = new Map<bigint, readonly unknown[]>()
  const accounts: bigint[] = []
  const accountOf = (ordinal: number | null) => present(accounts[ordinal ?? -1], 'bill')
  const written = encodeShard(new CopyWriter(), shard, terms)
  decode(billTypes, written.bills, ([segment, ordinal, accountId, ...rest]) => {
    invariant(segment === terms.segmentId && ordinal === accounts.length, 'bills count from nothing')
    accounts.push(present(accountId, 'account'))
    bills.set(accountOf(ordinal), rest)
  })
  decode(receivableTypes, written.receivables, ([segment, ordinal, accountId, due, fen]) => {
    invariant(segment === terms.segmentId && due === terms.dueDate, 'receivables of this segment')
    receivables.set(accountOf(ordinal), [accountId, fen])
  })
  decode(entryTypes, written.entries, ([segment, ordinal, booked, kind, ...rest]) => {
    invariant(segment === terms.segmentId && booked === terms.accountingDate && kind === 'bill', 'entries of bills')
    entries.set(accountOf(ordinal), rest)
  })
  return { bills, receivables, entries }
}

function decode<const Types extends readonly CopyType[]>(
  types: Types,
  pieces: readonly Buffer[],
  take: (row: CopyRow<Types>) => void,
): void {
  const decoder = createCopyDecoder(types, take)
  for (const piece of pieces) decoder.push(piece)
  decoder.end()
}
