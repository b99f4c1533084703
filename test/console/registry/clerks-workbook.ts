import { Buffer } from 'node:buffer'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import { beijing } from '../../../domain/time.js'
import type { ListName } from '../../../mdm/registry/document-lists.js'
import { documentSheets } from '../../../console/registry/document-sheets.js'
import { titleOf } from '../../../console/registry/list-titles.js'
import { sheetData, workbookBytes } from '../files/workbook-bytes.js'

/** A clerk's sheets: rows of cells under their headings in row 2, as the export writes them. A cell that begins with `<` is raw XML. */
export type ClerksSheets = Map<string, string[][]>

export function clerksSheets(document: RegistryDocument): ClerksSheets {
  return new Map(
    documentSheets(document, beijing).map(({ name, instruction = '', headings, rows }) => [
      name,
      [[instruction], [...headings], ...[...rows].map((row) => [...row])],
    ]),
  )
}

/** Puts a cell by its spreadsheet name, such as `C5`. */
export function put(sheets: ClerksSheets, list: ListName, cell: string, text: string): void {
  const [, column = '', row = ''] = /^([A-Z])(\d+)$/.exec(cell) ?? []
  const rows = sheets.get(titleOf(list)) ?? []
  const cells = (rows[Number(row) - 1] ??= [])
  const index = column.charCodeAt(0) - 65
  while (cells.length < index) cells.push('')
  cells[index] = text
}

/** Style 1 is the number format `0`, style 2 a date. `after` stands behind the rows of a sheet, `before` in front of them. */
export function clerksWorkbook(
  sheets: ClerksSheets,
  after: Readonly<Record<string, string>> = {},
  before: Readonly<Record<string, string>> = {},
): Uint8Array {
  return workbookBytes({
    sheets: [...sheets].map(([name, rows]) => ({
      name,
      xml: `${before[name] ?? ''}${sheetData(rows)}${after[name] ?? ''}`,
    })),
    formats: ['0', 'yyyy-mm-dd'],
  })
}

/** A sheet as CSV without mark, as UTF-8. */
export function clerksCsv(sheets: ClerksSheets, list: ListName): Buffer {
  const rows = (sheets.get(titleOf(list)) ?? []).slice(1)
  return Buffer.from(`${rows.map((cells) => cells.join(',')).join('\r\n')}\r\n`)
}
