/** One row of a sheet: cells as the text that people see there, blank ones as ''. CSV files are workbooks of one sheet. */
export interface TableRow {
  readonly kind: 'row'
  /** Name of the sheet; of a CSV file its name without folder and ending. */
  readonly sheet: string
  /** As a spreadsheet counts: from 1, blank rows included. */
  readonly row: number
  readonly cells: readonly string[]
}

/** Something in a file that is not taken for what it looks like. The cell that it stands in is left out of its row as ''. */
export interface TableProblem {
  readonly kind: 'problem'
  readonly code: TableProblemCode
  readonly sheet: string
  /** Null where a whole sheet or file is meant. */
  readonly row: number | null
  /** Letters as in a spreadsheet; null where a whole row, sheet or file is meant. */
  readonly column: string | null
  readonly found: string
  /** What would be right, Chinese first. */
  readonly expected: string
}

export type TableProblemCode =
  | 'not_a_table_file'
  | 'unsafe_archive'
  | 'broken_workbook'
  | 'invalid_bytes'
  | 'mixed_encodings'
  | 'encoding_unclear'
  | 'broken_quotes'
  | 'too_large'
  | 'formula_cell'
  | 'merged_cells'
  | 'error_cell'
  | 'hidden_sheet'
  | 'hidden_row'
  | 'hidden_column'
  | 'number_lost_digits'
  | 'number_shown_otherwise'
  | 'date_out_of_range'
  | 'too_many_problems'

export type TableEvent = TableRow | TableProblem

/** What a file may come to before it is put aside: a spreadsheet's own limits, and memory. */
export const tableLimits = {
  rows: 1_048_576,
  columns: 256,
  /** Characters; the limit of a spreadsheet's cell. */
  cellCharacters: 32_767,
  fileBytes: 512 * 1024 * 1024,
  /** Of all parts of a workbook that are read, uncompressed. */
  unpackedBytes: 2 * 1024 * 1024 * 1024,
  /** How many times larger than packed a part may become once it is above `freelyUnpackedBytes`; sheets reach some 50. */
  unpackedRatio: 250,
  freelyUnpackedBytes: 16 * 1024 * 1024,
  archiveEntries: 10_000,
  sharedStrings: 8_000_000,
  /** Reading stops at the next one: a file with more is wrong as a whole. */
  problems: 10_000,
} as const

/** 1 is A, 27 is AA. */
export function columnLetters(column: number): string {
  const rest = Math.floor((column - 1) / 26)
  return (rest === 0 ? '' : columnLetters(rest)) + String.fromCodePoint(65 + ((column - 1) % 26))
}

/** As an expression on text that somebody else wrote: short enough to stand in a report. */
export function shortText(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}
