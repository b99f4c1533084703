import type { NotedRegisters } from '../../domain/registry-document.js'
import { err, ok, type Result } from '../../domain/result.js'
import { parseScaled } from '../../domain/scaled.js'
import { beijing, localMinute } from '../../domain/time.js'
import type { FieldResult, FieldResultInput } from '../../mdm/field-orders/record-field-result.js'
import type { StoredFieldOrder } from '../../storage/mdm/field-orders.js'
import { parseInstant } from '../cli/parse-instant.js'
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

/** What a row says of its order; whatever else than the result was changed is refused. */
export function parseResultRow(cells: ResultCells, order: StoredFieldOrder): Result<Noted, ResultRowRefused> {
  const cell = (column: string) => (cells.get(column) ?? '').trim()
  for (const [column, expected] of [
    [meterColumn, order.meterCode],
    [instantColumn, localMinute(beijing, order.readAt)],
  ] as const)
    if (cell(column) !== expected) return refuse('key_column_edited', column, cell(column), expected)
  for (const column of [readerColumn, visitColumn, photoColumn])
    if (cell(column) === '') return refuse('cell_missing', column, '', '必填 has to be filled in')
  const visitedAt = instantOf(cell(visitColumn))
  if (visitedAt === null) return refuse('cell_not_understood', visitColumn, cell(visitColumn), 'YYYY-MM-DD hh:mm')
  const result = resultOf(cell)
  if (!result.ok) return result
  const [reader, evidence] = [cell(readerColumn), cell(photoColumn)]
  return ok({ fieldOrderId: orderIdOf(cells), result: result.value, reader, visitedAt, evidence })
}

function resultOf(cell: (column: string) => string): Result<FieldResult, ResultRowRefused> {
  const outcome = keyOf(outcomeTexts, cell(outcomeColumn))
  if (outcome === null)
    return refuse('cell_not_understood', outcomeColumn, cell(outcomeColumn), Object.values(outcomeTexts).join(' / '))
  if (outcome !== 'read') return ok({ outcome })
  const registersOf = keyOf(shownTexts, cell(shownColumn))
  if (registersOf === null)
    return refuse('cell_not_understood', shownColumn, cell(shownColumn), Object.values(shownTexts).join(' / '))
  if (cell(totalColumn) === '') return refuse('cell_missing', totalColumn, '', '必填 has to be filled in')
  const wrong = [totalColumn, ...touColumns].find((column) => cell(column) !== '' && !isEnergy(cell(column)))
  if (wrong !== undefined) return refuse('cell_not_understood', wrong, cell(wrong), 'kWh, 如 such as 1012.50')
  return ok({ outcome, registersOf, registers: notedRegistersOf(cell) })
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

function instantOf(text: string): number | null {
  try {
    return parseInstant(text)
  } catch {
    return null
  }
}

function refuse(kind: ResultRowRefused['kind'], column: string, found: string, expected: string) {
  return err<ResultRowRefused>({ kind, column, found, expected })
}
