import { closeSync, openSync, writeSync } from 'node:fs'
import { writing } from '../cli/writing.js'
import { writeCsv } from '../files/write-table.js'
import { outcomeWords } from './outcome-words.js'
import type { LineReport } from './report-lines.js'

const headings = [
  '文件 file',
  '表 sheet',
  '行 row',
  '对象 object',
  '结果 outcome',
  '列 column',
  '问题 code',
  '内容 found',
  '应为 expected',
  '改法 mend',
]

/** A report as CSV that is written while its lines come: one line for each thing that is wrong, and one for a row that is right. */
export function openReportCsv(path: string) {
  const file = writing(path, () => openSync(path, 'w'))
  const append = (piece: Uint8Array) => writing(path, () => writeSync(file, piece))
  for (const piece of writeCsv({ name: '', headings, rows: [] })) append(piece)
  return {
    lines(reports: readonly LineReport[]): void {
      const [first, ...rest] = reports.flatMap(cellsOf)
      if (first === undefined) return
      // The mark of the encoding stands at the head of the file alone.
      const [, ...pieces] = writeCsv({ name: '', headings: first, rows: rest })
      for (const piece of pieces) append(piece)
    },
    close: () => closeSync(file),
  }
}

function cellsOf({ file, sheet, row, object, outcome, problems }: LineReport): readonly (readonly string[])[] {
  const start = [file, sheet, String(row), object, outcomeWords[outcome]]
  if (problems.length === 0) return [[...start, '', '', '', '', '']]
  return problems.map(({ column, code, found, expected, mend }) => [
    ...start,
    column ?? '',
    code,
    found,
    expected,
    mend,
  ])
}
