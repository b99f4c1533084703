import { quantities } from '../../domain/quantities.js'
import { present } from '../../domain/result.js'
import type { Calendar, Instant } from '../../domain/time.js'
import type { StagedFault, StagedRow, StagedValue } from '../../storage/mdm/staged-readings.js'
import { shortText } from '../files/table-row.js'
import { expectedIn, likelySlip, toValue } from '../registry/cell-values.js'
import { quantityColumns, type ReadingColumn, readingColumns } from './reading-columns.js'

/** Cells by field; blank ones are not in it. */
export type ReadingCells = ReadonlyMap<string, string>
export type CellFault = Omit<StagedFault, 'sheet' | 'line'>

/** What a row says, as far as it can be read, and everything that is wrong in its cells. */
export interface ParsedRow {
  readonly row: Omit<StagedRow, 'sheet' | 'line'>
  readonly faults: readonly CellFault[]
}

/**
 * Reads one row. A date is its first midnight in the calendar's zone; a time without offset is of that zone, too, and without a calendar
 * it cannot be read. `source` stands for the document where the row names none.
 */
export function parseReadingRow(cells: ReadingCells, calendar: Calendar | null, source: string): ParsedRow {
  const at = instantOf(cells, calendar)
  const texts = readingColumns.filter(({ type }) => type.kind === 'code' || type.kind === 'text')
  const faults = [
    ...texts.flatMap((column) => unusable(column, cells.get(column.field))),
    ...(cells.has('meter') || cells.has('usagePoint')
      ? []
      : [missing('meter', '电表或计量点 a meter or a usage point')]),
    ...at.faults,
    ...energyFaults(cells),
  ]
  const row = {
    meter: cells.get('meter') ?? null,
    usagePoint: cells.get('usagePoint') ?? null,
    readAt: at.instant,
    document: cells.get('document') ?? source,
    reader: cells.get('reader') ?? null,
    values: valuesOf(cells),
  }
  return { row, faults }
}

const atColumn = readingColumns.find(({ field }) => field === 'at')

function instantOf(cells: ReadingCells, calendar: Calendar | null) {
  const { type } = present(atColumn, 'the column of the instant')
  const text = cells.get('at')
  if (text === undefined) return { instant: null, faults: [missing('at', expectedIn(type))] }
  const value = toValue(text, type, calendar)
  const instant: Instant = typeof value === 'string' && withOffset.test(value) ? Date.parse(value) : Number.NaN
  if (!Number.isNaN(instant)) return { instant, faults: [] }
  const zone =
    calendar === null ? '；各单位时区不同，须带时差 zones differ: with its offset, 2026-07-01T00:00+08:00' : ''
  return { instant: null, faults: [badCell('at', text, `${expectedIn(type)}${zone}${slipOf(text, type)}`)] }
}

const withOffset = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/

function energyFaults(cells: ReadingCells): readonly CellFault[] {
  const registers = readingColumns.filter(({ type }) => type.kind === 'decimal')
  const stated = registers.filter(({ field }) => cells.has(field))
  if (stated.length === 0) return [missing('total', '至少一个示数 a register at least')]
  const isTouAlone = !cells.has('total') && stated.some(({ field }) => field.startsWith('tou'))
  return [
    ...(isTouAlone ? [missing('total', '总示数 the total, where tariffs are given')] : []),
    ...stated.flatMap(({ field, type }) => {
      const text = cells.get(field) ?? ''
      return energyOf(text) === null ? [badCell(field, text, `${kwh}${slipOf(text, type)}`)] : []
    }),
  ]
}

const kwh = '表上示数，如 1012.50，至多四位小数 what the display shows, four decimals at most'

/** Digits are put together as text: a file has millions of them, and each costs a decimal otherwise. */
function energyOf(text: string): bigint | null {
  const [, whole, decimals = ''] = /^(\d{1,12})(?:\.(\d{1,4}))?$/.exec(text) ?? []
  return whole === undefined ? null : BigInt(whole + decimals.padEnd(4, '0'))
}

/** Quantities whose total can be read; whether all of it can, the faults say. */
function valuesOf(cells: ReadingCells): readonly StagedValue[] {
  return Object.entries(quantityColumns).flatMap(([name, fields]) => {
    const [totalE4 = null, ...tou] = fields.map((field) => energyOf(cells.get(field) ?? ''))
    if (totalE4 === null) return []
    const [tou1 = null, tou2 = null, tou3 = null, tou4 = null] = tou
    const quantity = quantities[name as keyof typeof quantityColumns].code
    return [{ quantity, registers: { totalE4, touE4: [tou1, tou2, tou3, tou4] } }]
  })
}

const mostCharacters = { code: 64, text: 400 }

function unusable({ field, type }: ReadingColumn, text: string | undefined): readonly CellFault[] {
  const most = type.kind === 'code' ? mostCharacters.code : mostCharacters.text
  return text === undefined || (text.length <= most && !/\p{Cc}/u.test(text))
    ? []
    : [badCell(field, text, `${expectedIn(type)}，无控制字符 no control characters`)]
}

function slipOf(text: string, type: ReadingColumn['type']): string {
  const slip = likelySlip(text, type)
  return slip === null ? '' : `；${slip}`
}

function missing(field: string, expected: string): CellFault {
  return { field, code: 'missing_cell', found: '空 blank', expected: `必填 required: ${expected}` }
}

function badCell(field: string, text: string, expected: string): CellFault {
  return { field, code: 'bad_cell', found: shortText(text), expected }
}
