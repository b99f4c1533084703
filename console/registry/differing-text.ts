import type { ListName } from '../../mdm/registry/document-lists.js'
import { listNamed, titleOf } from './list-titles.js'
import { headingOf, sheetColumns } from './sheet-columns.js'

/** Fields of an entry in the words of its sheet: `用电地址 supplyAddress`. */
export function differingText(list: ListName, fields: readonly string[] = []): string {
  if (fields.length === 0) return '条数 number of entries'
  return fields.map((field) => wordOf(list, field)).join(', ')
}

function wordOf(list: ListName, field: string): string {
  const column = sheetColumns[list].find((one) => one.field === field)
  if (column !== undefined) return headingOf(column)
  if (field === 'settings') return '通信参数 settings'
  const other = listNamed(field)
  return other === null ? field : titleOf(other)
}
