import t from 'tap'
import { sheetColumns } from '../../../console/registry/sheet-columns.js'
import { fieldOfColumn } from '../../../mdm/registry/column-field.js'
import { documentLists } from '../../../mdm/registry/document-lists.js'
import { registryTableNames, registryTables } from '../../../storage/registry/tables.js'

t.test('every column of a registry table has a column of its sheet', (t) => {
  for (const table of registryTableNames) {
    const [, selected = ''] = /select (.*?)\s+from /s.exec(registryTables[table].content) ?? []
    const list = documentLists[table]
    const fields = new Set(sheetColumns[list].map(({ field }) => field.replace(/\..*/, '')))
    const columns = selected.split(',').map((column) => column.trim().replace('::bigint', ''))
    const own = new Set(['revision', 'purpose', 'sha256', table === 'actor' ? '' : `${table}_id`])
    const unknown = columns.filter((column) => !own.has(column) && !fields.has(fieldOfColumn(column)))
    t.same(unknown, [], table)
  }
  t.end()
})
