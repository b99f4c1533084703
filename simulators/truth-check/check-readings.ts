import type { Mismatch } from './mismatch.js'
import { registersKey, type Truth } from './truth-file.js'

/** A stored claim, or an estimate in its place: registers kWh e4 as texts, null where there is none; `source` as the product names it. */
export interface ReadingRow {
  readonly meterCode: string
  /** Epoch ms. */
  readonly readAt: number
  readonly totalE4: string
  readonly tou1E4: string | null
  readonly tou2E4: string | null
  readonly tou3E4: string | null
  readonly tou4E4: string | null
  /** `estimated` for values nobody read; they are counted apart and not compared. */
  readonly source: string
}

export interface ReadingsVerdict {
  readonly compared: number
  readonly estimated: number
  readonly mismatches: readonly Mismatch[]
}

const slotMs = 900_000
/** Sources whose instant is the moment of receipt; registers move only at the end of each 15-minute slot. */
const readAnyTime: ReadonlySet<string> = new Set(['live', 'on_demand'])

/** Each row against the true registers, and each due point against the rows. */
export function checkReadings(truth: Truth, rows: readonly ReadingRow[]): ReadingsVerdict {
  const estimated = rows.filter(({ source }) => source === 'estimated')
  const read = rows.filter(({ source }) => source !== 'estimated')
  const seen = new Set(rows.map(keyOf))
  const missing = [...truth.registers]
    .filter(([key, { due }]) => due && !seen.has(key))
    .map(([key]): Mismatch => ({ kind: 'reading_missing', key, expected: 'a value', found: 'none' }))
  return {
    compared: read.length,
    estimated: estimated.length,
    mismatches: [...read.flatMap((row) => mismatchOf(truth, row)), ...missing],
  }
}

function mismatchOf(truth: Truth, row: ReadingRow): readonly Mismatch[] {
  const key = keyOf(row)
  const registers = truth.registers.get(key)
  const found = [row.totalE4, row.tou1E4, row.tou2E4, row.tou3E4, row.tou4E4].join(' ')
  if (registers === undefined) return [{ kind: 'reading_unknown', key, expected: 'none', found }]
  const expected = registers.valuesE4.join(' ')
  return expected === found ? [] : [{ kind: 'reading_value', key, expected, found }]
}

function keyOf({ meterCode, readAt, source }: ReadingRow): string {
  return registersKey(meterCode, readAnyTime.has(source) ? readAt - (readAt % slotMs) : readAt)
}
