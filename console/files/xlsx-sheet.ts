import { createTextCollector, isTrue, parsePart, type WorkbookParts } from './xlsx-parts.js'
import { numberText } from './xlsx-number.js'
import {
  columnLetters,
  shortText,
  type TableEvent,
  tableLimits,
  type TableProblem,
  type TableProblemCode,
} from './table-row.js'

interface Cell {
  readonly column: number
  readonly type: string
  readonly format: string
  value: string
  isFormula: boolean
}

/** Rows of one sheet in its order, blank ones left out. @throws UnsafeArchive. */
export function* readSheet(sheet: WorkbookParts['sheets'][number], parts: WorkbookParts): Generator<TableEvent> {
  const events: TableEvent[] = []
  const handlers = createSheetHandlers(sheet.name, parts, (event) => events.push(event))
  for (const _ of parsePart(sheet.entry, handlers)) {
    yield* events.splice(0)
    if (handlers.isOver()) return
  }
}

function createSheetHandlers(sheet: string, parts: WorkbookParts, emit: (event: TableEvent) => void) {
  let row = 0
  let column = 0
  let cells: string[] = []
  let cell: Cell | null = null
  let isValue = false
  let isOver = false
  let isRowHidden = false
  let areRowsHidden = false
  const hidden = createHiddenColumns()
  const text = createTextCollector()
  const problem = (code: CellProblemCode, found: string, at: Partial<Pick<TableProblem, 'row' | 'column'>> = {}) =>
    emit({ kind: 'problem', code, sheet, row, column: letters(column), found, expected: advice[code], ...at })

  const openRow = (attributes: Readonly<Record<string, string>>): void => {
    row = Number(attributes['r'] ?? row + 1)
    isRowHidden = attributes['hidden'] === undefined ? areRowsHidden : isTrue(attributes['hidden'])
    column = 0
    cells = []
    if (row > 0 && row <= tableLimits.rows) return
    problem('too_large', `第 ${row} 行 row`, { column: null })
    isOver = true
  }
  const openCell = (attributes: Readonly<Record<string, string>>): void => {
    column = columnIn(attributes['r']) ?? column + 1
    const format = parts.formats[Number(attributes['s'] ?? 0)] ?? 'General'
    cell = { column, type: attributes['t'] ?? 'n', format, value: '', isFormula: false }
  }
  const closeCell = (done: Cell): void => {
    cell = null
    const value = done.type === 'inlineStr' ? text.take() : done.value
    if (value === '' && !done.isFormula) return
    if (hidden.isNews(column)) problem('hidden_column', shortText(value), { row: null })
    if (column > tableLimits.columns) return problem('too_large', `${letters(column)} 列 column`)
    const read = cellText({ ...done, value }, parts)
    if (read.code !== null) problem(read.code, shortText(read.text))
    while (cells.length < column) cells.push('')
    cells[column - 1] = read.code === null ? ownText(read.text) : ''
  }
  return {
    isOver: () => isOver,
    open(name: string, attributes: Readonly<Record<string, string>>) {
      if (isOver) return
      if (name === 'row') openRow(attributes)
      else if (name === 'c') openCell(attributes)
      else if (name === 'v') isValue = true
      else if (name === 'f' && cell !== null) cell.isFormula = true
      else if (name === 'col') hidden.add(attributes)
      else if (name === 'sheetFormatPr') areRowsHidden = isTrue(attributes['zeroHeight'])
      else if (name === 'mergeCell') emitMerged(attributes['ref'] ?? '', problem)
      else text.open(name)
    },
    close(name: string) {
      if (isOver) return
      if (name === 'v') isValue = false
      else if (name === 'c' && cell !== null) closeCell(cell)
      else if (name === 'row' && cells.length > 0) {
        if (isRowHidden) problem('hidden_row', shortText(cells.find((one) => one !== '') ?? ''), { column: null })
        emit({ kind: 'row', sheet, row, cells })
      } else text.close(name)
    },
    text(piece: string) {
      if (cell === null) return
      if (isValue) cell.value += piece
      else if (cell.type === 'inlineStr') text.add(piece)
    },
  }
}

/** Longer texts of a parser are windows on the piece that it read, and would keep all of it. */
const longestCopied = 12

function ownText(text: string): string {
  if (text.length <= longestCopied || /[\ud800-\udfff]/u.test(text)) return text
  return Buffer.from(text).toString()
}

/** Columns that are hidden, or of no width; each is told of once. */
function createHiddenColumns() {
  const ranges: { readonly first: number; readonly last: number }[] = []
  const told = new Set<number>()
  return {
    add({ min, max, hidden, width }: Readonly<Record<string, string>>) {
      if (isTrue(hidden) || (width !== undefined && Number(width) === 0))
        ranges.push({ first: Number(min), last: Number(max) })
    },
    isNews(column: number): boolean {
      if (ranges.length === 0 || told.has(column)) return false
      const isHidden = ranges.some(({ first, last }) => first <= column && column <= last)
      if (isHidden) told.add(column)
      return isHidden
    },
  }
}

function cellText(cell: Cell, parts: WorkbookParts): { readonly code: CellProblemCode | null; readonly text: string } {
  if (cell.isFormula) return { code: 'formula_cell', text: cell.value }
  const text = (value: string) =>
    ({ code: value.length > tableLimits.cellCharacters ? 'too_large' : null, text: value }) as const
  switch (cell.type) {
    case 's':
      return text(parts.sharedStrings[Number(cell.value)] ?? '')
    case 'b':
      return text(isTrue(cell.value) ? 'true' : 'false')
    case 'e':
      return { code: 'error_cell', text: cell.value }
    case 'n': {
      const number = numberText(cell.value, cell.format, parts.is1904)
      return number.ok ? { code: null, text: number.value } : { code: number.error.kind, text: cell.value }
    }
    default:
      return text(cell.value)
  }
}

/** Each row that a merged range touches has a cell that is blank although it looks filled. */
function emitMerged(
  range: string,
  problem: (code: CellProblemCode, found: string, at: { readonly row: number; readonly column: string }) => void,
): void {
  const [, column = '', first = '', , last = first] = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/.exec(range) ?? []
  const end = Math.min(Number(last), Number(first) + tableLimits.problems)
  for (let row = Number(first); row <= end; row++) problem('merged_cells', range, { row, column })
}

type CellProblemCode = Exclude<
  TableProblemCode,
  | 'not_a_table_file'
  | 'unsafe_archive'
  | 'broken_workbook'
  | 'invalid_bytes'
  | 'mixed_encodings'
  | 'encoding_unclear'
  | 'broken_quotes'
  | 'hidden_sheet'
  | 'too_many_problems'
>

const advice: Readonly<Record<CellProblemCode, string>> = {
  formula_cell: '填写数值本身，不用公式 the value itself, no formula',
  hidden_row: '可见的行：筛选或隐藏的行不导入 a row that is seen: filtered or hidden ones are not taken in',
  hidden_column: '可见的列：隐藏的列不导入 a column that is seen: hidden ones are not taken in',
  merged_cells: '取消合并，每行各填 no merged cells: fill each row',
  error_cell: '填写数值 a value',
  number_lost_digits: '设为文本再重填：表格软件只保留 15 位 text: a spreadsheet keeps 15 digits of a number',
  number_shown_otherwise: '设为文本再填：存储值与显示不同 text: what is stored is not what is shown',
  date_out_of_range: '1900-03-01 至 9999-12-31 的日期 a date from 1900-03-01 to 9999-12-31',
  too_large: `至多 ${tableLimits.rows} 行 ${tableLimits.columns} 列，每格 ${tableLimits.cellCharacters} 字 at most so many rows, columns, characters`,
}

function letters(column: number): string | null {
  return column === 0 ? null : columnLetters(column)
}

function columnIn(reference: string | undefined): number | null {
  const [column = ''] = /^[A-Z]{1,3}/.exec(reference ?? '') ?? []
  if (column === '') return null
  return Buffer.from(column).reduce((sum, letter) => sum * 26 + letter - 64, 0)
}
