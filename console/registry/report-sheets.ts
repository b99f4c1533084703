import type { DraftOutcome } from '../../mdm/registry/import-drafts.js'
import type { TableSheet } from '../files/write-table.js'
import type { SheetProblem } from './draft-row.js'
import { mendingOf } from './mending.js'
import type { RowOutcome, RowProblem } from './row-outcomes.js'

export const outcomeWords: Readonly<Record<DraftOutcome['outcome'], string>> = {
  taken: '收入 taken',
  exists: '已有 exists',
  refused: '拒收 refused',
  left_out: '连带未收 left out',
  held_back: '未收：有拒收的行 held back: other rows are refused',
}
/** What has to be mended stands first, what waits for it next. */
const order: readonly DraftOutcome['outcome'][] = ['refused', 'left_out', 'held_back', 'taken', 'exists']

/** The report as a sheet: whole sheets, refused rows, rows that wait, the others; a line for each thing that is wrong. */
export function reportSheets(problems: readonly SheetProblem[], outcomes: Iterable<RowOutcome>): readonly TableSheet[] {
  return [
    {
      name: '结果 rows',
      headings: [
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
      ],
      rows: reportLines(problems, outcomes),
    },
  ]
}

function* reportLines(problems: readonly SheetProblem[], outcomes: Iterable<RowOutcome>): Generator<readonly string[]> {
  for (const problem of problems) {
    const { file, sheet, row, column, code } = problem
    const start = [file, sheet, row === null ? '' : String(row), '', outcomeWords.refused]
    yield [...start, ...problemCells({ ...problem, code, column, mend: mendingOf(code) })]
  }
  for (const wanted of order)
    for (const { file, sheet, row, object, outcome, problems: ofRow } of outcomes) {
      if (outcome !== wanted) continue
      const start = [file, sheet, String(row), object, outcomeWords[outcome]]
      if (ofRow.length === 0) yield [...start, '', '', '', '', '']
      for (const problem of ofRow) yield [...start, ...problemCells(problem)]
    }
}

function problemCells({ column, code, found, expected, mend }: RowProblem): readonly string[] {
  return [column ?? '', code, found, expected, mend]
}
