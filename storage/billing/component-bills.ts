import { encodeCopy } from '../copy-binary.js'
import type { Queryable, Transaction } from '../database.js'

/** A line of `component_bill.lines`: numbers are exact texts, times local. Which field stands where is said in `billing/by-account/packed-lines.ts`. */
export type PackedLine = readonly (string | number | boolean | null)[]

export interface ComponentBillRow {
  readonly ordinal: number
  readonly lines: readonly PackedLine[]
  readonly closing: object
}

const copyFrom = 'copy component_bill (segment_id, ordinal, lines, closing) from stdin (format binary)'

/** The rows of `copyComponentBills`; none for a shard without such bills. */
export function encodeComponentBills(segmentId: bigint, bills: readonly ComponentBillRow[]): readonly Buffer[] {
  if (bills.length === 0) return []
  const rows = bills.map(
    ({ ordinal, lines, closing }) => [segmentId, ordinal, JSON.stringify(lines), JSON.stringify(closing)] as const,
  )
  return [...encodeCopy(['int8', 'int4', 'jsonb', 'jsonb'], rows)]
}

export async function copyComponentBills(tx: Transaction, chunks: readonly Buffer[]): Promise<void> {
  if (chunks.length > 0) await tx.copyIn(copyFrom, chunks)
}

/** The stored lines of bills under tariffs of components, by ordinal; other bills of the segment have none. */
export async function findComponentLines(
  client: Queryable,
  { segmentId, ordinals }: { readonly segmentId: bigint; readonly ordinals: readonly number[] },
): Promise<ReadonlyMap<number, readonly PackedLine[]>> {
  const rows = await client.query<{ ordinal: number; lines: readonly PackedLine[] }>(
    'select ordinal, lines from component_bill where segment_id = $1 and ordinal = any($2::int[])',
    [segmentId, ordinals],
  )
  return new Map(rows.map(({ ordinal, lines }) => [ordinal, lines]))
}
