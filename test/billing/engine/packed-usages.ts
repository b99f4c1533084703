import type { BilledUsage } from '../../../domain/bill.js'
import { beijing } from '../../../domain/time.js'
import { createUsagePacking } from '../../../storage/billing/packed-usages.js'
import { createUsageReader } from '../../../storage/billing/segment-usages.js'
import { type CopyRow, encodeCopy } from '../../../storage/copy-binary.js'

const columns = [
  'int8',
  'text',
  'text',
  'timestamptz',
  'timestamptz',
  'date',
  'int8',
  'int8',
  'int8',
  'int8',
  'int8',
  'bool',
  'timestamptz',
  'int8',
  'timestamptz',
  'int8',
] as const

/** Usages as a run keeps them: accounts count from 1, and an opening state says where the ladder stands. */
export function packedUsages(
  usages: readonly (BilledUsage & { readonly tariffCode: string })[],
): Uint8Array<ArrayBuffer> {
  return packRows(usageRows(usages))
}

type UsageRow = CopyRow<typeof columns>

/** Rows as the database sends them, packed as a run keeps them. */
export function packRows(rows: readonly UsageRow[]): Uint8Array<ArrayBuffer> {
  const packing = createUsagePacking(rows.length)
  const reader = createUsageReader(packing.add)
  reader.push(Buffer.concat([...encodeCopy(columns, rows)]))
  reader.end()
  return packing.bytes()
}

function usageRows(usages: readonly (BilledUsage & { readonly tariffCode: string })[]): readonly UsageRow[] {
  return usages.map((usage, index) => {
    const start = beijing.startOfDay(usage.periodFrom)
    const asOf = usage.ladderOpeningE4 === null ? null : start
    return [
      BigInt(index + 1),
      usage.tariffCode,
      usage.settlementKind,
      start,
      beijing.startOfDay(usage.periodTo),
      usage.ladderFrom,
      usage.energyE4,
      ...usage.touE4,
      index % 7 === 0,
      null,
      null,
      asOf,
      usage.ladderOpeningE4,
    ] as const
  })
}
