import { closeSync, existsSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { stringify } from 'csv-stringify/sync'
import { UserError } from '../../domain/errors.js'
import { writing } from '../cli/writing.js'
import { escapeFormula } from '../files/formula-escape.js'
import type { ChangeDocument } from './what-if-document.js'

/** Takes accounts as they come, so that a whole city never stands in memory. The file has its name once it is whole: until then it is `NAME.part`. */
export interface ChangeFile {
  readonly write: (changes: readonly ChangeDocument[]) => void
  readonly finish: () => void
  /** Without `finish` before it nothing is left. */
  readonly close: () => void
}

const columns = [
  'account',
  'tariff',
  'energyKwh',
  'before',
  'after',
  'change',
  'changeExact',
  'holdBefore',
  'holdAfter',
] as const satisfies readonly (keyof ChangeDocument)[]

/** `.csv` in UTF-8 with byte order mark, or `.jsonl` with one account per line. @throws UserError bad_usage for another ending, bad_input where it cannot be written */
export function openChangeFile(path: string): ChangeFile {
  const isCsv = path.endsWith('.csv')
  if (!isCsv && !path.endsWith('.jsonl')) throw new UserError('bad_usage', `${path}: 应为 expected .csv or .jsonl`)
  if (existsSync(path) && !statSync(path).isFile()) throw new UserError('bad_input', `${path}: 不是文件 is no file`)
  const part = `${path}.part`
  const file = writing(path, () => openSync(part, 'w'))
  const append = (text: string) => writing(path, () => writeSync(file, text))
  if (isCsv) append(`\uFEFF${columns.join(',')}\n`)
  return {
    write(changes) {
      const text = isCsv
        ? stringify(changes.map((change) => columns.map((column) => escapeFormula(change[column] ?? ''))))
        : changes.map((change) => `${JSON.stringify(change)}\n`).join('')
      if (text !== '') append(text)
    },
    finish: () => writing(path, () => renameSync(part, path)),
    close() {
      closeSync(file)
      rmSync(part, { force: true })
    },
  }
}
