import { isInstantColumn, type Row } from './insert-rows.js'
import { bigintAsText } from '../domain/bigint-as-text.js'
import { toTimestamptz } from './type-parsers.js'

const chunkCharacters = 64 * 1024

/**
 * Rows for `copy … from stdin` in text form, where the server reads each value by the type of its column; columns as named, of each row.
 * Source: PostgreSQL documentation, COPY, "Text Format".
 */
export function* encodeTextCopy(columns: readonly string[], rows: Iterable<Row>): Generator<Buffer> {
  let text = ''
  for (const row of rows) {
    text += `${columns.map((column) => cellText(column, row[column] ?? null)).join('\t')}\n`
    if (text.length < chunkCharacters) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

function cellText(column: string, value: Row[string]): string {
  if (value === null) return '\\N'
  if (typeof value === 'number' && isInstantColumn(column)) return toTimestamptz(value)
  if (typeof value === 'string') return escaped(value)
  return typeof value === 'object' ? escaped(JSON.stringify(value, bigintAsText)) : String(value)
}

const marks: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function escaped(text: string): string {
  return text.replaceAll(/[\\\t\n\r]/g, (mark) => marks[mark] ?? mark)
}
