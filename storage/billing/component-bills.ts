import { type CopyPieces, CopyWriter, piecesOf } from '../copy-writer.js'
import type { Queryable, Transaction } from '../database.js'

/** A line of `component_bill.lines`: numbers are exact texts, times local. Which field stands where is said in `billing/by-account/packed-lines.ts`. */
export type PackedLine = readonly (string | number | boolean | null)[]

/** What is stored of a bill, as it is put into words. */
export interface ComponentBill {
  /** Packed lines as JSON, each followed by a line feed. */
  readonly lines: string
  /** The closing state as JSON. */
  readonly closing: () => string
}

/** Rows of `copyComponentBills` while a shard is rated. */
export interface ComponentRows {
  readonly take: (row: number, bill: ComponentBill) => void
  /** @returns the COPY in pieces, none without rows; `ordinalOf` says under which ordinal a row is stored. */
  readonly finish: (ordinalOf: (row: number) => number) => CopyPieces
}

const copyFrom = 'copy component_bill (segment_id, ordinal, lines, closing) from stdin (format binary)'
const fieldCount = 4
const ordinalAt = 2 + 4 + 8 + 4

/** Writes each row at once, so that no texts are kept, and its ordinal once it is known how many accounts before it have a bill. */
export function createComponentRows(segmentId: bigint): ComponentRows {
  const writer = new CopyWriter()
  const places: number[] = []
  const rows: number[] = []
  writer.begin()
  return {
    take(row, { lines, closing }) {
      rows.push(row)
      places.push(writer.length + ordinalAt)
      writer.int2(fieldCount)
      writer.int8Field(segmentId)
      writer.int4Field(0)
      writer.jsonbField(`[${lines.slice(0, -1).replaceAll('\n', ',')}]`)
      writer.jsonbField(closing())
    },
    finish(ordinalOf) {
      if (rows.length === 0) return []
      writer.end()
      const bytes = writer.take()
      for (const [index, row] of rows.entries()) bytes.writeInt32BE(ordinalOf(row), places[index])
      return piecesOf(bytes)
    },
  }
}

/** The lines of a bill that is not stored. */
export function parseLines(lines: string): readonly PackedLine[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as PackedLine)
}

export async function copyComponentBills(tx: Transaction, chunks: CopyPieces): Promise<void> {
  if (chunks.length > 0) await tx.copyIn(copyFrom, chunks)
}

/** What is stored of a bill beside its row. */
export interface StoredComponentBill {
  readonly lines: readonly PackedLine[]
  readonly closing: unknown
}

/** The stored lines and states of bills under tariffs of components, by ordinal; other bills of the segment have none. */
export async function findComponentBills(
  client: Queryable,
  { segmentId, ordinals }: { readonly segmentId: bigint; readonly ordinals: readonly number[] },
): Promise<ReadonlyMap<number, StoredComponentBill>> {
  const rows = await client.query<StoredComponentBill & { ordinal: number }>(
    'select ordinal, lines, closing from component_bill where segment_id = $1 and ordinal = any($2::int[])',
    [segmentId, ordinals],
  )
  return new Map(rows.map(({ ordinal, lines, closing }) => [ordinal, { lines, closing }]))
}
