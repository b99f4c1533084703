import { UserError } from '../../domain/errors.js'
import type { Calendar } from '../../domain/time.js'
import type { StagedBatch, StagedFault, StagedRow } from '../../storage/mdm/staged-readings.js'
import { openTable } from '../files/read-table.js'
import { columnLetters, shortText, type TableProblem, type TableRow } from '../files/table-row.js'
import { parseReadingRow, type ReadingCells } from './parse-reading-row.js'
import { type ReadingColumn, readingColumnNamed, readingColumns, readingHeading } from './reading-columns.js'

/** Headings are looked for in so many rows; a title or an instruction may stand above them. */
const headingRows = 10
const rowsPerBatch = 5000

export interface ReadingsFile {
  readonly name: string
  readonly bytes: Uint8Array
}
/** What a report says of a sheet: its name, and the letters of its columns by field. */
export interface SheetFacts {
  readonly name: string
  readonly columns: ReadonlyMap<string, string>
}

/** The sheets of a file of readings, row by row; `sheets` fills, and `offMidnight` counts, while the batches are taken. */
export function readReadingsFile({ name, bytes }: ReadingsFile, calendar: Calendar | null) {
  if (bytes.length === 0) throw new UserError('bad_input', `${name}: 空文件 an empty file`)
  const sheets: SheetFacts[] = []
  let offMidnight = 0
  const counted = (batch: StagedBatch): StagedBatch => {
    if (calendar !== null)
      offMidnight += batch.rows.filter(
        ({ readAt }) => readAt !== null && calendar.startOfDayAt(readAt) !== readAt,
      ).length
    return batch
  }
  async function* batches(): AsyncGenerator<StagedBatch> {
    for (const [index, sheet] of openTable(bytes, name).entries()) {
      const reader = createRowReader({ sheet: index, name: sheet.name, file: name }, calendar)
      sheets.push({ name: sheet.name, columns: reader.columns })
      for await (const event of sheet.events()) {
        if (event.kind === 'problem') reader.takeProblem(event)
        else reader.takeRow(event)
        if (reader.size() >= rowsPerBatch) yield counted(reader.take())
      }
      yield counted(reader.end())
    }
  }
  return {
    sheets,
    batches,
    /** Rows that are not of a local midnight, which is what periods begin and end with. */
    offMidnight: () => offMidnight,
  }
}

interface Place {
  readonly sheet: number
  readonly name: string
  readonly file: string
}

function createRowReader(place: Place, calendar: Calendar | null) {
  let headings: readonly (ReadingColumn | null)[] | null = null
  let isEmpty = true
  const columns = new Map<string, string>()
  const fieldOf = new Map<string, string>()
  let rows: StagedRow[] = []
  let faults: StagedFault[] = []
  /** Cells of coming rows that are no plain text: what such a row lacks there is not missing. */
  const unread = new Map<number, Set<string>>()

  const whole = (code: string, found: string, expected: string): StagedFault => ({
    sheet: place.sheet,
    line: 0,
    field: '',
    code,
    found: shortText(found),
    expected,
  })
  const takeHeadings = ({ row, cells }: TableRow): void => {
    const named = cells.map((cell) => (cell.trim() === '' ? null : readingColumnNamed(cell)))
    if (row > headingRows || named.filter((one) => one !== null).length < 2) return
    headings = named
    for (const [index, one] of named.entries()) {
      const letters = columnLetters(index + 1)
      const cell = cells[index]?.trim() ?? ''
      if (one === null && cell !== '')
        faults.push(whole('unknown_column', `${letters}${row} ${cell}`, readingColumns.map(readingHeading).join(', ')))
      if (one === null) continue
      if (columns.has(one.field)) faults.push(whole('there_twice', `${letters}${row} ${cell}`, readingHeading(one)))
      columns.set(one.field, letters)
      fieldOf.set(letters, one.field)
    }
  }
  const takeRow = (row: TableRow): void => {
    if (headings === null) return takeHeadings(row)
    const cells = cellsOf(row, headings)
    const notRead = unread.get(row.row) ?? new Set<string>()
    unread.delete(row.row)
    const stray = row.cells.findIndex((cell, index) => cell.trim() !== '' && (headings?.[index] ?? null) === null)
    if (cells.size === 0 && notRead.size === 0 && stray < 0) return
    const at = { sheet: place.sheet, line: row.row }
    const parsed = parseReadingRow(cells, calendar, `${place.file} ${place.name} 第 ${row.row} 行 row`)
    rows.push({ ...at, ...parsed.row })
    faults.push(
      ...parsed.faults.filter(({ field }) => !notRead.has(field)).map((fault) => ({ ...at, ...fault })),
      ...(stray < 0 ? [] : [{ ...at, ...noHeading(row.cells[stray] ?? '', stray) }]),
    )
  }
  const take = (): StagedBatch => {
    const batch = { rows, faults }
    ;[rows, faults] = [[], []]
    return batch
  }
  return {
    columns,
    size: () => rows.length + faults.length,
    takeRow(row: TableRow): void {
      isEmpty = false
      takeRow(row)
    },
    takeProblem({ row, column, code, found, expected }: TableProblem): void {
      isEmpty = false
      const field = column === null ? '' : (fieldOf.get(column) ?? column)
      faults.push({ sheet: place.sheet, line: row ?? 0, field, code, found, expected })
      if (row !== null) unread.set(row, new Set([...(unread.get(row) ?? []), field]))
      if (row !== null && stopsReading.has(code)) faults.push(whole(code, `第 ${row} 行 row`, expected))
    },
    take,
    end(): StagedBatch {
      const isHeaded = headings !== null
      if (!isEmpty && !isHeaded && !faults.some(({ line }) => line === 0)) faults.push(noHeadings(whole))
      if (isHeaded) faults.push(...lackingColumns(columns).map((one) => whole('missing_column', '', one)))
      return take()
    },
  }
}

/** After one of these nothing more of the file was read. */
const stopsReading: ReadonlySet<string> = new Set(['invalid_bytes', 'mixed_encodings', 'broken_quotes', 'too_large'])

function cellsOf(row: TableRow, headings: readonly (ReadingColumn | null)[]): ReadingCells {
  return new Map(
    headings.flatMap((column, index) => {
      const text = row.cells[index]?.trim() ?? ''
      return column === null || text === '' ? [] : [[column.field, text] as const]
    }),
  )
}

function noHeading(cell: string, index: number): Omit<StagedFault, 'sheet' | 'line'> {
  const expected = '有列名的列 a column with a heading'
  return { field: columnLetters(index + 1), code: 'no_heading', found: shortText(cell), expected }
}

function noHeadings(whole: (code: string, found: string, expected: string) => StagedFault): StagedFault {
  const expected = `前 ${headingRows} 行内的列名 column names in the first rows: ${readingColumns.map(readingHeading).join(', ')}`
  return whole('missing_headings', '', expected)
}

function lackingColumns(columns: ReadonlyMap<string, string>): readonly string[] {
  const needed: readonly (readonly [string, readonly string[]])[] = [
    ['电表 meter / 计量点 usagePoint', ['meter', 'usagePoint']],
    ['示数时刻 at', ['at']],
    ['总 total', ['total', 'reverse', 'reactive', 'reverseReactive']],
  ]
  return needed.filter(([, fields]) => !fields.some((field) => columns.has(field))).map(([text]) => text)
}
