import type * as z from 'zod'
import { issueText } from '../../domain/schema-issue.js'
import type { Calendar } from '../../domain/time.js'
import type { DraftProblem } from '../../mdm/registry/judge-drafts.js'
import { entrySchemas } from '../../mdm/registry/registry-document-schema.js'
import { columnLetters, shortText, type TableRow } from '../files/table-row.js'
import { expectedIn, toValue } from './cell-values.js'
import type { DraftRow, OpenSheet, SheetProblem } from './draft-row.js'
import { type SheetColumn, sheetColumns } from './sheet-columns.js'

/** One row as a draft: its cells as the schema of its list wants them, with what is wrong in each. */
export function toDraftRow(
  sheet: OpenSheet,
  row: TableRow,
  inFile: readonly SheetProblem[],
  calendar: Calendar | null,
): DraftRow {
  const list = sheet.list ?? 'actors'
  const headings = sheet.headings ?? []
  const columns = new Map(
    headings.flatMap((column, index) => (column === null ? [] : [[column.field, columnLetters(index + 1)] as const])),
  )
  const texts = new Map<string, string>()
  const beside: SheetProblem[] = []
  const at = { file: sheet.file, sheet: sheet.sheet, row: row.row }
  for (const [index, cell] of row.cells.entries()) {
    const column = headings[index]
    if (column !== null && column !== undefined) texts.set(column.field, cell.trim())
    else if (cell.trim() !== '')
      beside.push({
        ...at,
        code: 'no_heading',
        column: columnLetters(index + 1),
        found: shortText(cell),
        expected: '有列名的列 a column with a heading',
      })
  }
  const entry = toEntry(sheetColumns[list], texts, calendar)
  const unread = new Set(inFile.map(({ column }) => column))
  const ofCells = cellProblems(list, entry, texts)
    .map((problem): SheetProblem => ({ ...at, ...problem, column: columns.get(problem.field) ?? null }))
    // What stands in such a cell is said already.
    .filter(({ column }) => column === null || !unread.has(column))
  const problems = [...inFile, ...beside, ...ofCells]
  const fields = new Map([...columns].map(([field, column]) => [column, field]))
  const inDraft = problems.map(({ column, expected }): DraftProblem => {
    const [field = ''] = (fields.get(column ?? '') ?? '').split('.')
    return { field, problem: expected }
  })
  return { place: at, draft: { list, entry, problems: inDraft }, problems, columns }
}

function toEntry(columns: readonly SheetColumn[], texts: ReadonlyMap<string, string>, calendar: Calendar | null) {
  const entry: Record<string, unknown> = {}
  const settings: Record<string, unknown> = {}
  for (const { field, type } of columns) {
    const text = texts.get(field) ?? ''
    if (text === '') continue
    const [parent = '', child] = field.split('.')
    if (child === undefined) entry[parent] = toValue(text, type, calendar)
    else settings[child] = toValue(text, type, calendar)
  }
  if (columns.some(({ field }) => field.startsWith('settings.'))) entry['settings'] = settings
  return entry
}

type CellDoubt = Omit<SheetProblem, 'file' | 'sheet' | 'row' | 'column'> & { readonly field: string }

function cellProblems(
  list: keyof typeof entrySchemas,
  entry: object,
  texts: ReadonlyMap<string, string>,
): readonly CellDoubt[] {
  const parsed = entrySchemas[list].safeParse(entry)
  if (parsed.success) return []
  return parsed.error.issues.flatMap((issue) =>
    fieldsOf(issue).map((field) => toCellProblem(list, field, issue, texts)),
  )
}

/** A schema of several kinds says of a column that it does not know it, where another kind has it. */
function fieldsOf(issue: z.core.$ZodIssue): readonly string[] {
  const path = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return [path]
  return issue.keys.map((key) => (path === '' ? key : `${path}.${key}`))
}

function toCellProblem(
  list: keyof typeof entrySchemas,
  field: string,
  issue: z.core.$ZodIssue,
  texts: ReadonlyMap<string, string>,
): CellDoubt {
  const text = texts.get(field) ?? ''
  const column = sheetColumns[list].find((one) => one.field === field)
  const expected = column === undefined ? issueText(issue) : expectedIn(column.type)
  if (issue.code === 'unrecognized_keys')
    return { code: 'bad_cell', field, found: shortText(text), expected: '此类型不填 blank for this kind' }
  if (text === '') return { code: 'missing_cell', field, found: '空 blank', expected: `必填 required: ${expected}` }
  const rule = issue.code === 'custom' || issue.code.startsWith('too_') ? `；${issueText(issue)}` : ''
  return { code: 'bad_cell', field, found: shortText(text), expected: `${expected}${rule}` }
}
