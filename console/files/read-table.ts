import { basename, extname } from 'node:path'
import { readCsv } from './read-csv.js'
import { type TableEvent, tableLimits, type TableProblem, type TableRow } from './table-row.js'
import { readWorkbookParts, type WorkbookParts } from './xlsx-parts.js'
import { readSheet } from './xlsx-sheet.js'
import { UnsafeArchive, type ZipEntry, zipEntries } from './zip-entries.js'

/** A sheet whose rows are read once, when somebody asks for them. */
export interface TableSheetSource {
  readonly name: string
  readonly events: () => AsyncIterable<TableEvent>
}

/**
 * The sheets of a CSV or XLSX file in its order; what it is, its first bytes say, not its ending. Memory: the file itself, the
 * shared texts of a workbook, and one piece of a sheet. After a problem without row and column nothing more of that sheet (or file)
 * comes. What is hidden in a workbook, sheets, rows or columns, is named and never taken: nobody sees it go in.
 */
export function openTable(bytes: Uint8Array, name: string): readonly TableSheetSource[] {
  let problems = 0
  return sheetsIn(bytes, name).map(({ name: sheet, events }) => ({
    name: sheet,
    async *events() {
      if (problems > tableLimits.problems) return
      for await (const event of events()) {
        if (event.kind === 'problem') problems += 1
        if (problems > tableLimits.problems) break
        yield event
      }
      if (problems > tableLimits.problems)
        yield wholeFile(sheet, 'too_many_problems', `> ${tableLimits.problems}`, '先改正以上各处 correct those first')
    },
  }))
}

/** All rows and problems of a file, sheet by sheet. */
export async function* readTable(bytes: Uint8Array, name: string): AsyncGenerator<TableEvent> {
  for (const { events } of openTable(bytes, name)) yield* events()
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

interface RawSheet {
  readonly name: string
  readonly events: () => Iterable<TableEvent> | AsyncIterable<TableEvent>
}

function sheetsIn(bytes: Uint8Array, name: string): readonly RawSheet[] {
  const sheet = sheetNamed(name)
  if (bytes.length > tableLimits.fileBytes)
    return [refused(sheet, 'too_large', `${bytes.length} 字节 bytes`, `至多 at most ${tableLimits.fileBytes}`)]
  if (startsWith(bytes, 'PK')) return sheetsOfWorkbook(bytes, sheet)
  if (startsWith(bytes, oldOffice))
    return [
      refused(
        sheet,
        'not_a_table_file',
        '加密或旧版 .xls encrypted, or an old .xls',
        '无密码的 .xlsx without a password, or CSV',
      ),
    ]
  if (startsWith(bytes, '\xff\xfe') || startsWith(bytes, '\xfe\xff'))
    return [refused(sheet, 'not_a_table_file', 'UTF-16', 'UTF-8 或 GB18030 的 CSV in UTF-8 or GB18030')]
  return [{ name: sheet, events: () => readCsv(bytes, sheet) }]
}

function sheetsOfWorkbook(bytes: Uint8Array, file: string): readonly RawSheet[] {
  const entries = zipEntries(bytes)
  if (!entries.ok) return [refused(file, entries.error.kind, entries.error.detail, soundWorkbook)]
  const broken = (error: unknown): TableProblem => {
    if (!(error instanceof UnsafeArchive)) throw error
    return wholeFile(file, 'broken_workbook', error.message, soundWorkbook)
  }
  const parts = partsOf(entries.value)
  if (parts instanceof UnsafeArchive) return [{ name: file, events: () => [broken(parts)] }]
  return parts.sheets.map((sheet) => {
    if (sheet.isHidden)
      return refused(sheet.name, 'hidden_sheet', '隐藏的表 a hidden sheet', '取消隐藏或删除 show or delete it')
    return {
      name: sheet.name,
      *events() {
        try {
          yield* readSheet(sheet, parts)
        } catch (error) {
          yield broken(error)
        }
      },
    }
  })
}

function partsOf(entries: ReadonlyMap<string, ZipEntry>): WorkbookParts | UnsafeArchive {
  try {
    return readWorkbookParts(entries)
  } catch (error) {
    if (error instanceof UnsafeArchive) return error
    throw error
  }
}

function refused(sheet: string, code: TableProblem['code'], found: string, expected: string): RawSheet {
  return { name: sheet, events: () => [wholeFile(sheet, code, found, expected)] }
}

const soundWorkbook = '用表格软件重新另存为 .xlsx save it as .xlsx again'
const oldOffice = '\xd0\xcf\x11\xe0'

function startsWith(bytes: Uint8Array, magic: string): boolean {
  return Buffer.from(magic, 'latin1').equals(bytes.subarray(0, magic.length))
}

function wholeFile(sheet: string, code: TableProblem['code'], found: string, expected: string): TableProblem {
  return { kind: 'problem', code, sheet, row: null, column: null, found, expected }
}
