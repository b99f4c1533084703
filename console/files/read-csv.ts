import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { decodeText, detectEncoding, type EncodedText, type EncodingError } from './text-encoding.js'
import { unescapeFormula } from './formula-escape.js'
import { columnLetters, shortText, type TableEvent, tableLimits, type TableProblem } from './table-row.js'

/**
 * Rows of a CSV file in UTF-8 or GB18030, with comma, semicolon or tab between cells. A cell that begins with `=` is a formula to a
 * spreadsheet and is named as one; the quote by which `writeCsv` keeps one from running is taken off again.
 */
export async function* readCsv(bytes: Uint8Array, sheet: string): AsyncGenerator<TableEvent> {
  const detected = detectEncoding(bytes)
  if (detected.ok) yield* readText(detected.value, sheet)
  else yield* encodingProblems(sheet, detected.error)
}

async function* readText(text: EncodedText, sheet: string): AsyncGenerator<TableEvent> {
  const parser = Readable.from(decodeText(text)).pipe(
    parse({
      delimiter: delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: tableLimits.cellCharacters * 4,
    }),
  )
  let row = 0
  try {
    for await (const record of parser) {
      row += 1
      if (row > tableLimits.rows) {
        yield tooManyRows(sheet)
        break
      }
      yield* toEvents(sheet, row, record as readonly string[])
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    yield brokenQuotes(sheet, error, Math.max(row, Number(error['records'] ?? 0)) + 1)
  }
}

function* toEvents(sheet: string, row: number, record: readonly string[]): Generator<TableEvent> {
  const cells: string[] = []
  if (record.length > tableLimits.columns) yield tooManyColumns(sheet, row, record.length)
  for (const [index, cell] of record.slice(0, tableLimits.columns).entries()) {
    const problem = cellProblem(cell)
    cells.push(problem === null ? unescapeFormula(cell) : '')
    if (problem !== null)
      yield { kind: 'problem', ...problem, sheet, row, column: columnLetters(index + 1), found: shortText(cell) }
  }
  yield { kind: 'row', sheet, row, cells }
}

function cellProblem(cell: string): Pick<TableProblem, 'code' | 'expected'> | null {
  if (cell.startsWith('='))
    return { code: 'formula_cell', expected: '填写数值本身，不用公式 the value itself, no formula' }
  if (cell.length > tableLimits.cellCharacters)
    return { code: 'too_large', expected: `至多 ${tableLimits.cellCharacters} 字 characters at most` }
  if (cell.includes('\0')) return { code: 'invalid_bytes', expected: '文本，不含空字符 text without NUL characters' }
  return null
}

/** The mark that stands most often in the first line. */
function delimiterOf(text: EncodedText): string {
  const [piece = ''] = decodeText(text)
  const [line = ''] = piece.split('\n', 1)
  const count = (mark: string): number => line.split(mark).length
  return [',', '\t', ';'].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

function* encodingProblems(sheet: string, error: EncodingError): Generator<TableProblem> {
  const { kind: code, encoding, lines } = error
  const shared = { kind: 'problem', code, sheet, column: null, expected: encodingAdvice[code] } as const
  const found = `${encoding === 'utf-8' ? 'UTF-8' : 'GB18030'}?`
  if (lines === null) yield { ...shared, row: null, found }
  else for (const row of lines) yield { ...shared, row, found }
}

const encodingAdvice: Readonly<Record<EncodingError['kind'], string>> = {
  invalid_bytes: '此行有无法解码的字节；另存为“CSV UTF-8” bytes of this line are no text; save as "CSV UTF-8"',
  mixed_encodings: '此行编码与其他行不同；另存为“CSV UTF-8” this line is UTF-8, others are not; save as "CSV UTF-8"',
  encoding_unclear: 'UTF-8 与 GB18030 均可能；另存为“CSV UTF-8” could be either; save as "CSV UTF-8"',
}

function brokenQuotes(sheet: string, error: CsvError, row: number): TableProblem {
  return {
    kind: 'problem',
    code: error.code === 'CSV_MAX_RECORD_SIZE' ? 'too_large' : 'broken_quotes',
    sheet,
    row,
    column: null,
    found: shortText(error.message),
    expected: '引号成对；此行起未读 quotes in pairs; nothing is read from this row on',
  }
}

function tooManyRows(sheet: string): TableProblem {
  return {
    kind: 'problem',
    code: 'too_large',
    sheet,
    row: tableLimits.rows,
    column: null,
    found: '更多行 more rows',
    expected: `至多 ${tableLimits.rows} 行，请分成几个文件 at most; split the file`,
  }
}

function tooManyColumns(sheet: string, row: number, columns: number): TableProblem {
  return {
    kind: 'problem',
    code: 'too_large',
    sheet,
    row,
    column: null,
    found: `${columns} 列 columns`,
    expected: `至多 at most ${tableLimits.columns}`,
  }
}
