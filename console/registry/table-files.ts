import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { UserError } from '../../domain/errors.js'
import { fileProblem } from '../cli/file-problem.js'
import { writing } from '../cli/writing.js'
import { type TableSheet, writeCsv, writeWorkbook } from '../files/write-table.js'
import { tableLimits } from '../files/table-row.js'
import type { TableFile } from './read-sheets.js'

/** A workbook, a CSV file, or the CSV files of a folder in the order of their names. @throws UserError bad_input. */
export function readTableFiles(cwd: string, path: string): readonly TableFile[] {
  const at = resolve(cwd, path)
  try {
    if (!statSync(at).isDirectory()) return [{ name: basename(at), bytes: readFileSync(at) }]
    const names = readdirSync(at).filter((name) => extname(name).toLowerCase() === '.csv')
    if (names.length === 0) throw new UserError('bad_input', `${path}: 文件夹中无 CSV no CSV files in the folder`)
    return names.sort().map((name) => ({ name, bytes: readFileSync(join(at, name)) }))
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError('bad_input', `${path}: 读不了 cannot be read: ${fileProblem(cause)}`, { cause })
  }
}

export type OutputSuffix = '.xlsx' | '.csv' | '.json' | ''

/**
 * Refuses a file that could not be written, before any work for it is done; '' stands for a folder.
 * @throws UserError bad_usage for an ending that nothing is written as, bad_input for a folder that is not there.
 */
export function requireOutput(cwd: string, path: string, suffixes: readonly OutputSuffix[]): void {
  const suffix = extname(path).toLowerCase()
  if (!suffixes.some((known) => known === suffix)) {
    const known = suffixes.map((one) => (one === '' ? '文件夹 a folder' : one)).join(', ')
    throw new UserError('bad_usage', `${path}: 文件名应以此结尾 expected one of: ${known}`)
  }
  const folder = dirname(resolve(cwd, path))
  if (!existsSync(folder)) throw new UserError('bad_input', `${path}: 无此文件夹 no such folder: ${folder}`)
}

/** Writes sheets as a workbook (`.xlsx`), the first one as `.csv`, or each into a CSV file of a folder. @throws UserError bad_input. */
export function writeTableFiles(cwd: string, path: string, sheets: readonly TableSheet[]): void {
  const at = resolve(cwd, path)
  writing(path, () => {
    if (extname(at).toLowerCase() === '.xlsx') return writePieces(at, writeWorkbook(sheets))
    if (extname(at).toLowerCase() === '.csv')
      return sheets.slice(0, 1).forEach((sheet) => writePieces(at, writeCsv(sheet)))
    mkdirSync(at, { recursive: true })
    for (const sheet of sheets) writePieces(join(at, `${sheet.name}.csv`), writeCsv(sheet))
  })
}

/** Whether the sheet of so many rows fits a workbook, headings included. */
export function fitsWorkbook(rows: number): boolean {
  return rows + 2 <= tableLimits.rows
}

function writePieces(path: string, pieces: Iterable<Uint8Array>): void {
  const file = openSync(path, 'w')
  try {
    for (const piece of pieces) writeSync(file, piece)
  } finally {
    closeSync(file)
  }
}
