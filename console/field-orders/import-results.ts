import { groupBy } from '../../domain/group-by.js'
import type { Instant } from '../../domain/time.js'
import {
  checkFieldResult,
  faultsOf,
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
  columnOf,
  isBlankResult,
  orderIdOf,
  type Parsed,
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
 * which anything is not plain text, or an order that stands in two rows, is refused. Everything that is wrong in a row is reported, one
 * report a fault.
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
    const problemsOfRow = troubled.get(`${row.sheet} ${row.row}`) ?? []
    reports.push(...problemsOfRow.map(problemReport))
    const one = await takeRow(database, cells, row, { ...input, twice, hasProblems: problemsOfRow.length > 0 })
    reports.push(...one.reports)
    if (one.readAt !== undefined) readAts.push(one.readAt)
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
  readonly reports: readonly RowReport[]
  /** Key of a claim that is new. */
  readonly readAt?: Instant
}
type Fault = Pick<RowReport, 'column' | 'found' | 'expected'> & {
  readonly kind: SheetProblem | ResultRowRefused['kind'] | FieldResultRefused['kind']
}
type RowInput = ImportInput & { readonly twice: ReadonlySet<string>; readonly hasProblems: boolean }

async function takeRow(database: Database, cells: ResultCells, row: TableRow, input: RowInput): Promise<TakenRow> {
  const fieldOrderId = orderIdOf(cells)
  const base = { sheet: row.sheet, row: row.row, fieldOrderId, kind: null, column: null, found: '', expected: '' }
  const refused = (faults: readonly Fault[]): TakenRow => ({
    reports: faults.map((fault) => ({ ...base, outcome: 'refused', ...fault })),
  })
  if (isBlankResult(cells)) return { reports: input.hasProblems ? [] : [{ ...base, outcome: 'blank' }] }
  const found = await readRow(database, cells, fieldOrderId, input)
  // What a cell with a formula would have said is not known: its row is reported and goes no further.
  if (found.value === null) return refused(found.faults)
  if (input.hasProblems) return { reports: [] }
  if (input.dryRun) {
    const checked = await checkFieldResult(database, found.value)
    if (!checked.ok) return refused([toFault(checked.error)])
    return { reports: [{ ...base, outcome: checked.value.exists ? 'exists' : 'would_be_recorded' }] }
  }
  const noted = await noteFieldResult(database, found.value)
  if (!noted.ok) return refused([toFault(noted.error)])
  const { outcome, readAt } = noted.value
  const reports = [{ ...base, outcome }]
  return outcome === 'exists' ? { reports } : { reports, readAt }
}

/** The result of a row, or all its faults. */
async function readRow(
  database: Database,
  cells: ResultCells,
  fieldOrderId: string,
  { actor, now, twice }: RowInput,
): Promise<Parsed<FieldResultInput, Fault>> {
  const named = { column: orderColumns[0], found: fieldOrderId }
  if (twice.has(fieldOrderId))
    return refusedBy({ kind: 'order_twice', ...named, expected: '一单一行 one row for an order' })
  const order = isOrderId(fieldOrderId) ? await findFieldOrder(database, fieldOrderId) : null
  if (order === null)
    return refusedBy({ kind: 'unknown_field_order', ...named, expected: '导出时的单号 the number as it was exported' })
  const parsed = parseResultRow(cells, order)
  if (parsed.value === null) return { value: null, faults: parsed.faults }
  const result = { ...parsed.value, actor, recordedAt: now }
  const faults = faultsOf(result, order)
  return faults.length > 0 ? { value: null, faults: faults.map(toFault) } : { value: result, faults: [] }
}

function refusedBy(fault: Fault): Parsed<FieldResultInput, Fault> {
  return { value: null, faults: [fault] }
}

function toFault({ kind, part, found, expected }: FieldResultRefused): Fault {
  return { kind, column: columnOf(part), found, expected }
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
