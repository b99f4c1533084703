import type { Draft } from '../../mdm/registry/judge-drafts.js'
import type { ListName } from '../../mdm/registry/document-lists.js'
import type { TableProblemCode, TableRow } from '../files/table-row.js'
import type { SheetColumn } from './sheet-columns.js'

/** Where a row stands, for whoever opens the file. */
export interface RowPlace {
  readonly file: string
  readonly sheet: string
  readonly row: number
}
/** One row of a file and what could be read of it. */
export interface DraftRow {
  readonly place: RowPlace
  readonly draft: Draft
  readonly problems: readonly SheetProblem[]
  /** Column letters by field. */
  readonly columns: ReadonlyMap<string, string>
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

/** One sheet as it comes out of a file: its headings once they are found, and the rows under them. */
export interface OpenSheet {
  readonly file: string
  readonly sheet: string
  readonly list: ListName | null
  headings: readonly (SheetColumn | null)[] | null
  readonly rows: TableRow[]
}
