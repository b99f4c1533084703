import { groupBy } from '../../domain/group-by.js'
import { calendarOf } from '../../domain/time.js'
import type { ListName } from '../../mdm/registry/document-lists.js'
import { readTable } from '../files/read-table.js'
import { columnLetters, shortText, type TableProblem, type TableRow } from '../files/table-row.js'
import { toDraftRow } from './to-draft-row.js'
import { columnNamed, headingOf, sheetColumns } from './sheet-columns.js'
import type { DraftRow, OpenSheet, SheetProblem } from './draft-row.js'
import { listNamed } from './list-titles.js'

export interface TableFile {
  readonly name: string
  readonly bytes: Uint8Array
}
export interface SheetsRead {
  readonly rows: readonly DraftRow[]
  /** What is wrong with sheets and files as a whole: with any of it, nobody can say what is missing. */
  readonly problems: readonly SheetProblem[]
  /** Lists of which there is a sheet. */
  readonly lists: ReadonlySet<ListName>
}
/** Headings are looked for in so many rows; a title or an instruction may stand above them. */
const headingRows = 10

/**
 * Rows of workbooks and CSV files as drafts of registry entries. A sheet is known by its name, a column by its heading. Times without
 * an offset are in the zone of the organisations, those of the files and `zones`, if they all have one.
 */
export async function readSheets(files: readonly TableFile[], zones: readonly string[]): Promise<SheetsRead> {
  const sheets = new Map<string, OpenSheet>()
  const problems: SheetProblem[] = []
  const ofRows: SheetProblem[] = []
  for (const { name, bytes } of files)
    for await (const event of readTable(bytes, name)) {
      const sheet = sheetOf(sheets, name, event.sheet, problems)
      if (event.kind === 'row') takeRow(sheet, event, problems)
      else (event.row === null ? problems : ofRows).push(toSheetProblem(name, event))
    }
  const cutOff = new Set(
    ofRows.filter(({ code }) => stopsReading.has(code)).map(({ file, sheet }) => `${file}\n${sheet}`),
  )
  for (const [key, sheet] of sheets) if (!cutOff.has(key)) problems.push(...headingProblems(sheet))
  const read = [...sheets.values()].filter(({ list, headings }) => list !== null && headings !== null)
  const unread = ofRows.filter(({ file, sheet, row }) => !isInTable(sheets.get(`${file}\n${sheet}`), row))
  const stray = unread.filter(({ code }) => stopsReading.has(code))
  const byRow = groupBy(ofRows, ({ file, sheet, row }) => `${file}\n${sheet}\n${row}`)
  const calendar = calendarOf(oneZone(read, zones) ?? '')
  const rows = read.flatMap((sheet) =>
    sheet.rows.flatMap((row) => {
      const inFile = byRow.get(`${sheet.file}\n${sheet.sheet}\n${row.row}`) ?? []
      const isBlank = inFile.length === 0 && row.cells.every((cell) => cell.trim() === '')
      return isBlank ? [] : [toDraftRow(sheet, row, inFile, calendar)]
    }),
  )
  return { rows, problems: [...problems, ...stray], lists: new Set(read.flatMap(({ list }) => list ?? [])) }
}

/** After one of these nothing more of the file was read. */
const stopsReading: ReadonlySet<string> = new Set(['invalid_bytes', 'mixed_encodings', 'broken_quotes', 'too_large'])

function sheetOf(sheets: Map<string, OpenSheet>, file: string, sheet: string, problems: SheetProblem[]): OpenSheet {
  const key = `${file}\n${sheet}`
  const known = sheets.get(key)
  if (known !== undefined) return known
  const opened: OpenSheet = { file, sheet, list: listNamed(sheet), headings: null, rows: [] }
  sheets.set(key, opened)
  if (opened.list === null)
    problems.push(
      wholeSheet(
        opened,
        'unknown_sheet',
        sheet,
        '表名如“电表 meters”；说明页请删除 a name such as "meters"; delete sheets of notes',
      ),
    )
  return opened
}

function takeRow(sheet: OpenSheet, row: TableRow, problems: SheetProblem[]): void {
  if (sheet.list === null) return
  if (sheet.headings !== null) {
    sheet.rows.push(row)
    return
  }
  const list = sheet.list
  const headings = row.cells.map((cell) => (cell === '' ? null : columnNamed(list, cell)))
  const found = headings.filter((column) => column !== null)
  if (found.length < 2 || row.row > headingRows) return
  sheet.headings = headings
  for (const [index, cell] of row.cells.entries())
    if (cell !== '' && headings[index] === null)
      problems.push({
        ...wholeSheet(sheet, 'unknown_column', cell, sheetColumns[list].map(headingOf).join(', ')),
        row: row.row,
        column: columnLetters(index + 1),
      })
}

function headingProblems(sheet: OpenSheet): readonly SheetProblem[] {
  const { list, headings } = sheet
  if (list === null) return []
  const wanted = sheetColumns[list].filter(({ isOptional }) => !isOptional)
  if (headings === null)
    return [
      wholeSheet(
        sheet,
        'missing_headings',
        '',
        `前 ${headingRows} 行内的列名 column names in the first rows: ${wanted.map(headingOf).join(', ')}`,
      ),
    ]
  return wanted
    .filter((column) => !headings.includes(column))
    .map((column) => wholeSheet(sheet, 'missing_column', headingOf(column), '此列必有 this column has to be there'))
}

function isInTable(sheet: OpenSheet | undefined, row: number | null): boolean {
  return sheet?.rows.some((one) => one.row === row) ?? false
}

function wholeSheet(
  { file, sheet }: OpenSheet,
  code: SheetProblem['code'],
  found: string,
  expected: string,
): SheetProblem {
  return { code, file, sheet, row: null, column: null, found: shortText(found), expected }
}

function toSheetProblem(file: string, { code, sheet, row, column, found, expected }: TableProblem): SheetProblem {
  return { code, file, sheet, row, column, found, expected }
}

/** The zone in which the files' local times are. */
function oneZone(sheets: readonly OpenSheet[], known: readonly string[]): string | null {
  const stated = sheets
    .filter(({ list }) => list === 'organisations')
    .flatMap(({ headings, rows }) => {
      const index = headings?.findIndex((column) => column?.field === 'timeZone') ?? -1
      return rows.map(({ cells }) => (cells[index] ?? '').trim())
    })
  const zones = new Set([...known, ...stated].filter((zone) => zone !== ''))
  const [zone = null] = zones
  return zones.size === 1 ? zone : null
}
