import type * as z from 'zod'
import { issueText } from '../../domain/schema-issue.js'
import type { Calendar } from '../../domain/time.js'
import type { Draft, DraftProblem } from '../../mdm/registry/judge-drafts.js'
import { entrySchemas } from '../../mdm/registry/registry-document-schema.js'
import { columnLetters, shortText, type TableRow } from '../files/table-row.js'
import { expectedIn, likelySlip, toValue } from './cell-values.js'
import type { DraftRow, HeadedSheet, SheetProblem } from './draft-row.js'
import { headingOf, type SheetColumn, sheetColumns } from './sheet-columns.js'

/** One row as a draft: its cells as the schema of its list wants them, with all that is wrong in them. */
export function toDraftRow(
  sheet: HeadedSheet,
  row: TableRow,
  inFile: readonly SheetProblem[],
  calendar: Calendar | null,
): DraftRow {
  const texts = new Map<string, string>()
  const problems = [...inFile]
  const at = { file: sheet.file, sheet: sheet.sheet, row: row.row }
  for (const [index, cell] of row.cells.entries()) {
    const column = sheet.headings[index]
    if (column !== null && column !== undefined) texts.set(column.field, sheet.sharedText(index, cell.trim()))
    else if (cell.trim() !== '')
      problems.push({
        ...at,
        code: 'no_heading',
        column: columnLetters(index + 1),
        found: shortText(cell),
        expected: '有列名的列 a column with a heading',
      })
  }
  const entry = toEntry(sheetColumns[sheet.list], texts, calendar)
  const unread = new Set(inFile.map(({ column }) => column))
  for (const problem of cellProblems(sheet.list, entry, texts)) {
    const column = sheet.columns.get(problem.field) ?? null
    // What stands in a cell that could not be read is said already.
    if (column !== null && unread.has(column)) continue
    const lacking = column === null ? sheetColumns[sheet.list].find(({ field }) => field === problem.field) : undefined
    const named = lacking === undefined ? problem : { ...problem, found: `无此列 no column ${headingOf(lacking)}` }
    problems.push({ ...at, ...named, column })
  }
  return draftRow(sheet, row.row, entry, problems)
}

/** A row with something more that is wrong in a cell: what was said of that cell before was for the sake of this. */
export function withProblem({ sheet, row, draft, problems }: DraftRow, late: SheetProblem): DraftRow {
  const others = problems.filter(({ column }) => column === null || column !== late.column)
  return draftRow(sheet, row, draft.entry, [late, ...others])
}

const none: readonly never[] = []

function draftRow(sheet: HeadedSheet, row: number, entry: Draft['entry'], problems: readonly SheetProblem[]): DraftRow {
  if (problems.length === 0) return { sheet, row, draft: { list: sheet.list, entry, problems: none }, problems: none }
  const fields = new Map([...sheet.columns].map(([field, column]) => [column, field]))
  const inDraft = problems.map(({ column, expected }): DraftProblem => {
    const [field = ''] = (fields.get(column ?? '') ?? '').split('.')
    return { field, problem: expected }
  })
  return { sheet, row, draft: { list: sheet.list, entry, problems: inDraft }, problems }
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
    fieldsOf(list, issue).map((field) => toCellProblem(list, field, issue, texts)),
  )
}

/** A schema of several kinds says of a column that it does not know it, where another kind has it. */
function fieldsOf(list: keyof typeof entrySchemas, issue: z.core.$ZodIssue): readonly string[] {
  const path = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return [columnField(list, path)]
  return issue.keys.map((key) => (path === '' ? key : `${path}.${key}`))
}

/** A cell may hold several codes, one of which is wrong. */
function columnField(list: keyof typeof entrySchemas, path: string): string {
  const [first = ''] = path.split('.')
  return sheetColumns[list].some(({ field, type }) => field === first && type.kind === 'codes') ? first : path
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
  const slip = column === undefined ? null : likelySlip(text, column.type)
  const hint = slip === null ? '' : `；${slip}`
  return { code: 'bad_cell', field, found: shortText(text), expected: `${expected}${rule}${hint}` }
}
