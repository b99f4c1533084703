import { groupBy } from '../../domain/group-by.js'
import type { Instant } from '../../domain/time.js'
import {
  checkFieldResult,
  noteFieldResult,
  type FieldResultInput,
  type FieldResultRefused,
} from '../../mdm/field-orders/record-field-result.js'
import { runValidation } from '../../mdm/validation/run-validation.js'
import type { Database } from '../../storage/database.js'
import { findFieldOrder } from '../../storage/mdm/field-orders.js'
import { readWholeTable } from '../files/read-table.js'
import type { TableProblem, TableRow } from '../files/table-row.js'
import { orderColumns, resultColumns } from './order-table.js'
import {
  isBlankResult,
  orderIdOf,
  parseResultRow,
  type ResultCells,
  type ResultRowRefused,
} from './parse-result-row.js'

/** What is wrong with a sheet or row as such; other kinds are those of its cells, of the file and of the order. */
export type SheetProblem = 'headings_changed' | 'order_twice'

export interface RowReport {
  readonly sheet: string
  readonly row: number | null
  readonly fieldOrderId: string | null
  readonly outcome: 'recorded' | 'exists' | 'would_be_recorded' | 'blank' | 'refused'
  /** Why it is refused, where in the row, and what would be right. */
  readonly kind: string | null
  readonly column: string | null
  readonly found: string
  readonly expected: string
}

export interface ImportInput {
  readonly bytes: Uint8Array
  readonly name: string
  readonly actor: string
  readonly now: Instant
  readonly dryRun: boolean
}

/**
 * Takes a crew's sheet, row by row: a good row goes in whatever becomes of the others, and the same file again changes nothing. A row in
 * which anything is not plain text, or an order that stands in two rows, is refused.
 */
export async function importResults(database: Database, input: ImportInput): Promise<readonly RowReport[]> {
  const { rows, problems } = await readWholeTable(input.bytes, input.name)
  const wholeFile = problems.filter(({ row }) => row === null)
  if (wholeFile.length > 0) return wholeFile.map(problemReport)
  const table = resultRows(rows)
  if (table === null) return [noHeadings(input.name)]
  const troubled = groupBy(problems, ({ sheet, row }) => `${sheet} ${row}`)
  const twice = new Set(
    [...groupBy(table, ({ cells }) => orderIdOf(cells))].filter(([, there]) => there.length > 1).map(([id]) => id),
  )
  const reports: RowReport[] = []
  const readAts: Instant[] = []
  for (const { row, cells } of table) {
    const [problem] = troubled.get(`${row.sheet} ${row.row}`) ?? []
    const one = problem === undefined ? await takeRow(database, cells, row, { ...input, twice }) : null
    reports.push(one?.report ?? problemReport(problem as TableProblem))
    if (one?.readAt !== undefined) readAts.push(one.readAt)
  }
  if (readAts.length > 0)
    await runValidation(database, { from: Math.min(...readAts), to: Math.max(...readAts) + 1, now: input.now })
  return reports
}

interface SheetRow {
  readonly row: TableRow
  readonly cells: ResultCells
}

/** Rows below the headings, which may stand below an instruction; null where a sheet lacks a column. */
function resultRows(rows: readonly TableRow[]): readonly SheetRow[] | null {
  const wanted = [...orderColumns, ...resultColumns]
  const at = rows.findIndex(({ cells }) => cells.some((cell) => cell.trim() === orderColumns[0]))
  const headings = rows[at]?.cells.map((cell) => cell.trim()) ?? []
  if (wanted.some((heading) => headings.filter((one) => one === heading).length !== 1)) return null
  return rows
    .slice(at + 1)
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map((row) => ({ row, cells: new Map(headings.map((heading, index) => [heading, row.cells[index] ?? ''])) }))
}

interface TakenRow {
  readonly report: RowReport
  /** Key of a claim that is new. */
  readonly readAt?: Instant
}

async function takeRow(
  database: Database,
  cells: ResultCells,
  row: TableRow,
  { actor, now, dryRun, twice }: ImportInput & { readonly twice: ReadonlySet<string> },
): Promise<TakenRow> {
  const fieldOrderId = orderIdOf(cells)
  const base = { sheet: row.sheet, row: row.row, fieldOrderId, kind: null, column: null, found: '', expected: '' }
  const refused = (
    kind: SheetProblem | ResultRowRefused['kind'] | FieldResultRefused['kind'],
    more: Partial<RowReport> = {},
  ): TakenRow => ({
    report: { ...base, outcome: 'refused', kind, ...more },
  })
  if (isBlankResult(cells)) return { report: { ...base, outcome: 'blank' } }
  if (twice.has(fieldOrderId)) return refused('order_twice', { column: orderColumns[0], found: fieldOrderId })
  const order = isOrderId(fieldOrderId) ? await findFieldOrder(database, fieldOrderId) : null
  if (order === null) return refused('unknown_field_order', { column: orderColumns[0], found: fieldOrderId })
  const parsed = parseResultRow(cells, order)
  if (!parsed.ok) return refused(parsed.error.kind, parsed.error)
  const result: FieldResultInput = { ...parsed.value, actor, recordedAt: now }
  if (dryRun) {
    const checked = await checkFieldResult(database, result)
    if (!checked.ok) return refused(checked.error.kind)
    return { report: { ...base, outcome: checked.value.exists ? 'exists' : 'would_be_recorded' } }
  }
  const noted = await noteFieldResult(database, result)
  if (!noted.ok) return refused(noted.error.kind)
  const { outcome, readAt } = noted.value
  return outcome === 'exists' ? { report: { ...base, outcome } } : { report: { ...base, outcome }, readAt }
}

function isOrderId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}

function problemReport({ sheet, row, column, code, found, expected }: TableProblem): RowReport {
  return { sheet, row, fieldOrderId: null, outcome: 'refused', kind: code, column, found, expected }
}

function noHeadings(sheet: string): RowReport {
  const expected = [...orderColumns, ...resultColumns].join(', ')
  const kind: SheetProblem = 'headings_changed'
  return {
    sheet,
    row: null,
    fieldOrderId: null,
    outcome: 'refused',
    kind,
    column: null,
    found: '',
    expected,
  }
}
