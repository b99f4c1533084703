import { bigintAsText } from '../domain/bigint-as-text.js'
import type { Queryable } from './database.js'
import { toTimestamptz } from './type-parsers.js'

export type Cell = string | number | bigint | boolean | null | object
/** A row by column name; instants are milliseconds, as everywhere. */
export type Row = Readonly<Record<string, Cell>>

/** Bounds the text of one statement to some megabytes; the overlap check of timelines runs once per statement. */
const rowsPerStatement = 20_000

/**
 * Inserts rows in few statements. `insert` takes the rows as one JSON array: `insert into t select * from
 * json_populate_recordset(null::t, $1)`, so columns go by name.
 * @returns how many went in.
 */
export async function insertRows(client: Queryable, insert: string, rows: readonly Row[]): Promise<number> {
  let inserted = 0
  for (let start = 0; start < rows.length; start += rowsPerStatement)
    inserted += await client.execute(insert, [toJsonRows(rows.slice(start, start + rowsPerStatement))])
  return inserted
}

function toJsonRows(rows: readonly Row[]): string {
  return JSON.stringify(rows, toJsonCell)
}

function toJsonCell(column: string, value: unknown): unknown {
  if (!isInstantColumn(column)) return bigintAsText(column, value)
  if (Array.isArray(value)) return value.map((instant: number) => toTimestamptz(instant))
  return typeof value === 'number' ? toTimestamptz(value) : bigintAsText(column, value)
}

export function isInstantColumn(column: string): boolean {
  return instantColumns.has(column)
}

/** The timestamptz columns of the tables written this way. */
const instantColumns: ReadonlySet<string> = new Set([
  'as_of',
  'deadline',
  'due_at',
  'effective_from',
  'effective_to',
  'end_reads',
  'ends_at',
  'exchanged_at',
  'hold_until',
  'moment',
  'occurred_at',
  'period_end',
  'period_start',
  'read_at',
  'recorded_at',
  'start_reads',
  'starts_at',
  'visited_at',
])
