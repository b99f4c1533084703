import { encodeCopy } from '../copy-binary.js'
import type { Queryable, Transaction } from '../database.js'

/** A line of `component_bill.lines`: numbers are exact texts, times local. Which field stands where is said in `billing/by-account/packed-lines.ts`. */
export type PackedLine = readonly (string | number | boolean | null)[]

/** What is stored of a bill, as it is put into words. */
export interface ComponentBill {
  /** Packed lines as JSON, each followed by a line feed. */
  readonly lines: string
  /** The closing state as JSON, made when it is stored. */
  readonly closing: () => string
}

export interface ComponentBillRow extends ComponentBill {
  readonly ordinal: number
}

const copyFrom = 'copy component_bill (segment_id, ordinal, lines, closing) from stdin (format binary)'

/** The rows of `copyComponentBills`. */
export function encodeComponentBills(segmentId: bigint, bills: Iterable<ComponentBillRow>): readonly Buffer[] {
  return [...encodeCopy(['int8', 'int4', 'jsonb', 'jsonb'], rowsOf(segmentId, bills))]
}

function* rowsOf(segmentId: bigint, bills: Iterable<ComponentBillRow>) {
  for (const { ordinal, lines, closing } of bills)
    yield [segmentId, ordinal, `[${lines.slice(0, -1).replaceAll('\n', ',')}]`, closing()] as const
}

/** The lines of a bill that is not stored. */
export function parseLines({ lines }: ComponentBill): readonly PackedLine[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as PackedLine)
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
