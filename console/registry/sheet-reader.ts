import type { Calendar } from '../../domain/time.js'
import type { ListName } from '../../mdm/registry/document-lists.js'
import { columnLetters, shortText, type TableEvent, type TableProblem, type TableRow } from '../files/table-row.js'
import type { DraftRow, HeadedSheet, SheetProblem } from './draft-row.js'
import { listNamed } from './list-titles.js'
import { createSharedTexts } from './shared-texts.js'
import { columnNamed, headingOf, sheetColumns } from './sheet-columns.js'
import { toDraftRow, withProblem } from './to-draft-row.js'

/** Headings are looked for in so many rows; a title or an instruction may stand above them. */
const headingRows = 10

/** What came out of one sheet. */
export interface SheetRead {
  readonly list: ListName | null
  readonly rows: readonly DraftRow[]
  /** What is wrong with the sheet as a whole. */
  readonly problems: readonly SheetProblem[]
  readonly isHeaded: boolean
}

/** Takes the events of one sheet, in its order; a row is a draft at once, and its cells are forgotten. */
export function createSheetReader(file: string, sheet: string) {
  const list = listNamed(sheet)
  let headed: HeadedSheet | null = null
  let isEmpty = true
  const rows: DraftRow[] = []
  const problems: SheetProblem[] = []
  /** Of rows that are not drafts, or not yet. */
  const early = new Map<number, SheetProblem[]>()

  const takeProblem = (event: TableProblem): void => {
    const { code, row, column, found, expected } = event
    const problem: SheetProblem = { code, file, sheet, row, column, found, expected }
    if (row === null) problems.push(problem)
    else {
      const place = placeIn(rows, row)
      const drafted = rows[place]
      if (drafted?.row === row) rows[place] = withProblem(drafted, problem)
      else early.set(row, [...(early.get(row) ?? []), problem])
    }
  }
  const takeRow = (row: TableRow, calendar: Calendar | null): void => {
    if (list === null) return
    if (headed === null) headed = findHeadings({ file, sheet, list }, row, problems)
    else {
      const inFile = early.get(row.row) ?? []
      early.delete(row.row)
      const isBlank = inFile.length === 0 && row.cells.every((cell) => cell.trim() === '')
      if (!isBlank) rows.push(toDraftRow(headed, row, inFile, calendar))
    }
  }
  return {
    list,
    /** Times without an offset are in the calendar's zone. */
    take(event: TableEvent, calendar: Calendar | null): void {
      isEmpty = false
      if (event.kind === 'problem') takeProblem(event)
      else takeRow(event, calendar)
    },
    done(): SheetRead {
      const told = [...early.values()].flat().filter(({ code }) => stopsReading.has(code))
      const isCutOff = told.length > 0 || rows.some((row) => row.problems.some(({ code }) => stopsReading.has(code)))
      const ofHeadings = isEmpty || isCutOff ? [] : headingProblems({ file, sheet, list }, headed)
      const unknown = list === null && !isEmpty ? [unknownSheet(file, sheet)] : []
      return {
        list,
        rows,
        problems: [...unknown, ...problems, ...ofHeadings, ...told],
        isHeaded: headed !== null,
      }
    },
  }
}

/** After one of these nothing more of the file was read. */
const stopsReading: ReadonlySet<string> = new Set(['invalid_bytes', 'mixed_encodings', 'broken_quotes', 'too_large'])

/** The place of the first row at or after a row of the sheet. */
function placeIn(rows: readonly DraftRow[], row: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((rows[middle]?.row ?? 0) < row) low = middle + 1
    else high = middle
  }
  return low
}

function findHeadings(
  at: Pick<HeadedSheet, 'file' | 'sheet' | 'list'>,
  { row, cells }: TableRow,
  problems: SheetProblem[],
): HeadedSheet | null {
  const headings = cells.map((cell) => (cell === '' ? null : columnNamed(at.list, cell)))
  if (headings.filter((column) => column !== null).length < 2 || row > headingRows) return null
  for (const [index, cell] of cells.entries())
    if (cell !== '' && headings[index] === null)
      problems.push({
        ...wholeSheet(at, 'unknown_column', cell, sheetColumns[at.list].map(headingOf).join(', ')),
        row,
        column: columnLetters(index + 1),
      })
  const columns = new Map(
    headings.flatMap((column, index) => (column === null ? [] : [[column.field, columnLetters(index + 1)] as const])),
  )
  return { ...at, headings, columns, sharedText: createSharedTexts() }
}

interface SheetPlace {
  readonly file: string
  readonly sheet: string
  readonly list: ListName | null
}

function headingProblems(at: SheetPlace, headed: HeadedSheet | null): readonly SheetProblem[] {
  if (at.list === null) return []
  const wanted = sheetColumns[at.list].filter(({ isOptional }) => !isOptional)
  if (headed === null)
    return [
      wholeSheet(
        at,
        'missing_headings',
        '',
        `前 ${headingRows} 行内的列名 column names in the first rows: ${wanted.map(headingOf).join(', ')}`,
      ),
    ]
  return wanted
    .filter((column) => !headed.headings.includes(column))
    .map((column) => wholeSheet(at, 'missing_column', headingOf(column), '此列必有 this column has to be there'))
}

function unknownSheet(file: string, sheet: string): SheetProblem {
  const expected = '表名如“电表 meters”；说明页请删除 a name such as "meters"; delete sheets of notes'
  return wholeSheet({ file, sheet }, 'unknown_sheet', sheet, expected)
}

function wholeSheet(
  { file, sheet }: Pick<SheetPlace, 'file' | 'sheet'>,
  code: SheetProblem['code'],
  found: string,
  expected: string,
): SheetProblem {
  return { code, file, sheet, row: null, column: null, found: shortText(found), expected }
}
