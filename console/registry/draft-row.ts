import type { Draft } from '../../mdm/registry/judge-drafts.js'
import type { ListName } from '../../mdm/registry/document-lists.js'
import type { TableProblemCode } from '../files/table-row.js'
import type { SheetColumn } from './sheet-columns.js'

/** Where a row stands, for whoever opens the file. */
export interface RowPlace {
  readonly file: string
  readonly sheet: string
  readonly row: number
}
/** A sheet whose headings are found; its rows share it. */
export interface HeadedSheet {
  readonly file: string
  readonly sheet: string
  readonly list: ListName
  /** By place; null where nobody knows the heading, or there is none. */
  readonly headings: readonly (SheetColumn | null)[]
  /** Column letters by field. */
  readonly columns: ReadonlyMap<string, string>
  readonly sharedText: (column: number, text: string) => string
}
/** One row of a file and what could be read of it. */
export interface DraftRow {
  readonly sheet: HeadedSheet
  readonly row: number
  readonly draft: Draft
  readonly problems: readonly SheetProblem[]
}

export function placeOf({ sheet: { file, sheet }, row }: DraftRow): RowPlace {
  return { file, sheet, row }
}

export type SheetProblemCode =
  | TableProblemCode
  | 'unknown_sheet'
  | 'missing_sheet'
  | 'missing_headings'
  | 'unknown_column'
  | 'missing_column'
  | 'no_heading'
  | 'missing_cell'
  | 'bad_cell'
/** What is wrong in a file: row and column are null where the whole sheet is meant. */
export interface SheetProblem {
  readonly code: SheetProblemCode
  readonly file: string
  readonly sheet: string
  readonly row: number | null
  readonly column: string | null
  readonly found: string
  readonly expected: string
}
