import type { RegistryDocument } from '../../domain/registry-document.js'
import type { Calendar } from '../../domain/time.js'
import { listNames } from '../../mdm/registry/document-lists.js'
import type { TableSheet } from '../files/write-table.js'
import { toCell } from './cell-values.js'
import { titleOf } from './list-titles.js'
import { headingOf, sheetColumns } from './sheet-columns.js'

/** A sheet for each list of the document, the empty ones too, so that a clerk can fill them in. */
export function documentSheets(document: RegistryDocument, calendar: Calendar | null): readonly TableSheet[] {
  return listNames.map((list) => {
    const columns = sheetColumns[list]
    const required = columns.filter(({ isOptional, field }) => !isOptional && field !== 'to')
    return {
      name: titleOf(list),
      instruction: `每行一条；必填 required: ${required.map(headingOf).join(', ')}。时刻为当地时间 local times；止空白为至今 a blank end: until further notice`,
      headings: columns.map(headingOf),
      rows: rowsOf(document[list] ?? [], (entry) =>
        columns.map(({ field, type }) => toCell(valueAt(entry, field), type, calendar)),
      ),
    }
  })
}

function* rowsOf(
  entries: readonly object[],
  toRow: (entry: object) => readonly string[],
): Generator<readonly string[]> {
  for (const entry of entries) yield toRow(entry)
}

function valueAt(entry: object, field: string): unknown {
  return field.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined
    return new Map<string, unknown>(Object.entries(value)).get(key)
  }, entry)
}
