import { invariant } from '../../domain/result.js'
import type { CopiedFields } from '../copy-fields.js'
import type { Transaction } from '../database.js'
import { type AccountsOfRun, createUsageReader, streamUsages } from './segment-usages.js'
import { type SegmentUsages, setUsage, type UsageColumns, usageColumnBytes, usageColumnsOver } from './usage-columns.js'

/** Two 32-bit numbers: of accounts, and of bytes behind their columns, which are the codes of the tariffs as JSON. */
const headBytes = 8

/** Packs the usages of so many accounts, in the order in which `streamUsages` sends them: numbers with their lowest byte first. */
export function createUsagePacking(count: number): {
  readonly add: (fields: CopiedFields) => void
  readonly bytes: () => Uint8Array<ArrayBuffer>
} {
  const { columns, withCodes } = allocate(count)
  const tariffCodes: string[] = []
  let row = 0
  return {
    add: (fields) => setUsage(columns, tariffCodes, row++, fields),
    bytes() {
      invariant(row === count, `${row} usages are packed, not ${count}`)
      return withCodes(tariffCodes)
    },
  }
}

/** Columns to fill, and the bytes that they become. */
function allocate(count: number): {
  readonly columns: UsageColumns
  readonly withCodes: (tariffCodes: readonly string[]) => Uint8Array<ArrayBuffer>
} {
  const columnsEnd = headBytes + usageColumnBytes(count)
  const buffer = new ArrayBuffer(columnsEnd)
  return {
    columns: usageColumnsOver(buffer, headBytes, count),
    withCodes(tariffCodes) {
      const codes = Buffer.from(JSON.stringify(tariffCodes))
      new Uint32Array(buffer, 0, 2).set([count, codes.length])
      const bytes = new Uint8Array(columnsEnd + codes.length)
      bytes.set(new Uint8Array(buffer))
      bytes.set(codes, columnsEnd)
      return bytes
    },
  }
}

/** Columns over the very bytes, which begin their buffer. */
export function unpackUsages({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): SegmentUsages {
  invariant(byteOffset === 0 && length >= headBytes, 'packed usages begin their memory')
  const [count = 0, codeBytes = 0] = new Uint32Array(buffer, 0, 2)
  const columnsEnd = headBytes + usageColumnBytes(count)
  invariant(length === columnsEnd + codeBytes, `packed usages of ${count} accounts have their length`)
  const tariffCodes = JSON.parse(Buffer.from(buffer, columnsEnd, codeBytes).toString()) as readonly string[]
  return { ...usageColumnsOver(buffer, headBytes, count), count, tariffCodes }
}

/** Of packed usages those of accounts [first, last]; the same bytes where these are all. */
export function packedWithin(
  bytes: Uint8Array<ArrayBuffer>,
  { first, last }: AccountsOfRun['accounts'],
): Uint8Array<ArrayBuffer> {
  const { count, tariffCodes, ...columns } = unpackUsages(bytes)
  const from = columns.accountId.findIndex((id) => id >= Number(first))
  const to = columns.accountId.findLastIndex((id) => id <= Number(last)) + 1
  invariant(0 <= from && from < to, `accounts ${first} to ${last} are of the shard`)
  if (from === 0 && to === count) return bytes
  const packing = allocate(to - from)
  for (const [name, column] of Object.entries(columns)) {
    const each = column.length / count
    packing.columns[name as keyof typeof columns].set(column.subarray(each * from, each * to))
  }
  return packing.withCodes(tariffCodes)
}

/** The usages of so many accounts that a run bills, packed as they come. */
export async function readPackedUsages(
  tx: Transaction,
  accounts: AccountsOfRun,
  count: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const packing = createUsagePacking(count)
  const reader = createUsageReader(packing.add)
  await streamUsages(tx, accounts, reader.push)
  reader.end()
  return packing.bytes()
}
