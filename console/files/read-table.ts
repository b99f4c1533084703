import { basename, extname } from 'node:path'
import { readCsv } from './read-csv.js'
import { type TableEvent, tableLimits, type TableProblem, type TableRow } from './table-row.js'
import { readWorkbookParts } from './xlsx-parts.js'
import { readSheet } from './xlsx-sheet.js'
import { UnsafeArchive, type ZipEntry, zipEntries } from './zip-entries.js'

/**
 * Rows and problems of a CSV or XLSX file in its order; what it is, its first bytes say, not its ending. Memory: the file itself, the
 * shared texts of a workbook, and one piece. After a problem without row and column nothing more of that sheet (or file) comes. What is
 * hidden in a workbook, sheets, rows or columns, is named and never taken: nobody sees it go in.
 */
export async function* readTable(bytes: Uint8Array, name: string): AsyncGenerator<TableEvent> {
  let problems = 0
  for await (const event of eventsIn(bytes, name)) {
    if (event.kind === 'problem') problems += 1
    if (problems > tableLimits.problems) break
    yield event
  }
  if (problems > tableLimits.problems)
    yield wholeFile(
      sheetNamed(name),
      'too_many_problems',
      `> ${tableLimits.problems}`,
      '先改正以上各处 correct those first',
    )
}

/** The whole of a small file. */
export async function readWholeTable(
  bytes: Uint8Array,
  name: string,
): Promise<{ readonly rows: readonly TableRow[]; readonly problems: readonly TableProblem[] }> {
  const rows: TableRow[] = []
  const problems: TableProblem[] = []
  for await (const event of readTable(bytes, name)) {
    if (event.kind === 'row') rows.push(event)
    else problems.push(event)
  }
  return { rows, problems }
}

/** A file's name without folder and ending: what its one sheet is called. */
export function sheetNamed(name: string): string {
  return basename(name, extname(name))
}

async function* eventsIn(bytes: Uint8Array, name: string): AsyncGenerator<TableEvent> {
  const sheet = sheetNamed(name)
  if (bytes.length > tableLimits.fileBytes)
    yield wholeFile(sheet, 'too_large', `${bytes.length} 字节 bytes`, `至多 at most ${tableLimits.fileBytes}`)
  else if (startsWith(bytes, 'PK')) yield* readWorkbook(bytes, sheet)
  else if (startsWith(bytes, oldOffice))
    yield wholeFile(
      sheet,
      'not_a_table_file',
      '加密或旧版 .xls encrypted, or an old .xls',
      '无密码的 .xlsx without a password, or CSV',
    )
  else if (startsWith(bytes, '\xff\xfe') || startsWith(bytes, '\xfe\xff'))
    yield wholeFile(sheet, 'not_a_table_file', 'UTF-16', 'UTF-8 或 GB18030 的 CSV in UTF-8 or GB18030')
  else yield* readCsv(bytes, sheet)
}

function* readWorkbook(bytes: Uint8Array, file: string): Generator<TableEvent> {
  const entries = zipEntries(bytes)
  if (entries.ok) yield* readParts(entries.value, file)
  else yield wholeFile(file, entries.error.kind, entries.error.detail, soundWorkbook)
}

function* readParts(entries: ReadonlyMap<string, ZipEntry>, file: string): Generator<TableEvent> {
  try {
    const parts = readWorkbookParts(entries)
    for (const sheet of parts.sheets) {
      if (sheet.isHidden)
        yield wholeFile(sheet.name, 'hidden_sheet', '隐藏的表 a hidden sheet', '取消隐藏或删除 show or delete it')
      else yield* readSheet(sheet, parts)
    }
  } catch (error) {
    if (!(error instanceof UnsafeArchive)) throw error
    yield wholeFile(file, 'broken_workbook', error.message, soundWorkbook)
  }
}

const soundWorkbook = '用表格软件重新另存为 .xlsx save it as .xlsx again'
const oldOffice = '\xd0\xcf\x11\xe0'

function startsWith(bytes: Uint8Array, magic: string): boolean {
  return Buffer.from(magic, 'latin1').equals(bytes.subarray(0, magic.length))
}

function wholeFile(sheet: string, code: TableProblem['code'], found: string, expected: string): TableProblem {
  return { kind: 'problem', code, sheet, row: null, column: null, found, expected }
}
