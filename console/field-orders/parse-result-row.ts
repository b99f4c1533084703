import type { NotedRegisters } from '../../domain/meter-entries.js'
import { parseScaled } from '../../domain/scaled.js'
import { type Calendar, calendarFor, localMinute } from '../../domain/time.js'
import type { FieldResult, FieldResultInput, FieldResultRefused } from '../../mdm/field-orders/record-field-result.js'
import type { StoredFieldOrder } from '../../storage/mdm/field-orders.js'
import { parseLocalInstant } from '../cli/parse-instant.js'
import { orderColumns, outcomeTexts, resultColumns, shownTexts } from './order-table.js'

/** Cells of a row by heading. */
export type ResultCells = ReadonlyMap<string, string>

export interface ResultRowRefused {
  readonly kind: 'key_column_edited' | 'cell_missing' | 'cell_not_understood'
  readonly column: string
  readonly found: string
  readonly expected: string
}
type Noted = Omit<FieldResultInput, 'actor' | 'recordedAt'>

/** What was read, or everything that is wrong with it; the one is there where the other is not. */
export interface Parsed<T, Fault> {
  readonly value: T | null
  readonly faults: readonly Fault[]
}

const [orderColumn, meterColumn, instantColumn] = orderColumns
const [outcomeColumn, shownColumn, ...filledColumns] = resultColumns
const [totalColumn, ...otherColumns] = filledColumns
const touColumns = otherColumns.slice(0, 4)
const [readerColumn, visitColumn, photoColumn] = ['抄表人 reader', '抄表时间 read on', '照片 photo'] as const

export function orderIdOf(cells: ResultCells): string {
  return (cells.get(orderColumn) ?? '').trim().toLowerCase()
}

/** True where the crew brought nothing for this order: such a row says nothing. */
export function isBlankResult(cells: ResultCells): boolean {
  return resultColumns.every((column) => (cells.get(column) ?? '').trim() === '')
}

/** What a row says of its order, or everything that is wrong in it; whatever else than the result was changed is refused. */
export function parseResultRow(cells: ResultCells, order: StoredFieldOrder): Parsed<Noted, ResultRowRefused> {
  const cell = (column: string) => (cells.get(column) ?? '').trim()
  const calendar = calendarFor(order.timeZone)
  const [reader, evidence] = [cell(readerColumn), cell(photoColumn)]
  const visitedAt = instantOf(cell(visitColumn), calendar)
  const result = resultOf(cell)
  const faults = [
    ...edited(meterColumn, cell(meterColumn), order.meterCode),
    ...edited(instantColumn, cell(instantColumn), localMinute(calendar, order.readAt)),
    ...result.faults,
    ...[readerColumn, visitColumn, photoColumn].flatMap((column) => (cell(column) === '' ? [missing(column)] : [])),
    ...(visitedAt === null && cell(visitColumn) !== ''
      ? [notUnderstood(visitColumn, cell(visitColumn), 'YYYY-MM-DD hh:mm')]
      : []),
  ]
  if (faults.length > 0 || result.value === null || visitedAt === null) return { value: null, faults }
  return { value: { fieldOrderId: orderIdOf(cells), result: result.value, reader, visitedAt, evidence }, faults }
}

function edited(column: string, found: string, expected: string): readonly ResultRowRefused[] {
  return found === expected ? [] : [{ kind: 'key_column_edited', column, found, expected }]
}

function resultOf(cell: (column: string) => string): Parsed<FieldResult, ResultRowRefused> {
  const outcome = keyOf(outcomeTexts, cell(outcomeColumn))
  const outcomes = Object.values(outcomeTexts).join(' / ')
  if (outcome === null) return { value: null, faults: [notUnderstood(outcomeColumn, cell(outcomeColumn), outcomes)] }
  if (outcome !== 'read') return { value: { outcome }, faults: [] }
  const registersOf = keyOf(shownTexts, cell(shownColumn))
  const faults = [
    ...(registersOf === null
      ? [notUnderstood(shownColumn, cell(shownColumn), Object.values(shownTexts).join(' / '))]
      : []),
    ...(cell(totalColumn) === '' ? [missing(totalColumn)] : []),
    ...[totalColumn, ...touColumns].flatMap((column) =>
      cell(column) === '' || isEnergy(cell(column))
        ? []
        : [notUnderstood(column, cell(column), 'kWh, 如 such as 1012.50')],
    ),
  ]
  if (faults.length > 0 || registersOf === null) return { value: null, faults }
  return { value: { outcome, registersOf, registers: notedRegistersOf(cell) }, faults }
}

function notedRegistersOf(cell: (column: string) => string): NotedRegisters {
  const tou = touColumns.flatMap((column, index) => (cell(column) === '' ? [] : [[`tou${index + 1}`, cell(column)]]))
  return { total: cell(totalColumn), ...Object.fromEntries(tou) }
}

function isEnergy(text: string): boolean {
  return /^\d{1,12}(\.\d{1,4})?$/.test(text) && parseScaled(text, 4) !== null
}

function keyOf<K extends string>(texts: Readonly<Record<K, string>>, text: string): K | null {
  const found = (Object.keys(texts) as K[]).find((key) => texts[key] === text || key === text)
  return found ?? null
}

function instantOf(text: string, calendar: Calendar): number | null {
  try {
    return parseLocalInstant(text, calendar)
  } catch {
    return null
  }
}

function missing(column: string): ResultRowRefused {
  return { kind: 'cell_missing', column, found: '', expected: '必填 has to be filled in' }
}

function notUnderstood(column: string, found: string, expected: string): ResultRowRefused {
  return { kind: 'cell_not_understood', column, found, expected }
}

/** The column in which a part of a result stands. */
export function columnOf(part: FieldResultRefused['part']): string | null {
  if (part === null) return null
  if (part === 'visitedAt') return visitColumn
  if (part === 'evidence') return photoColumn
  return part === 'total' ? totalColumn : (touColumns[Number(part.slice(3)) - 1] ?? null)
}
