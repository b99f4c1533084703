import { UserError } from '../../domain/errors.js'
import { groupBy } from '../../domain/group-by.js'
import type { DraftImport, DraftOutcome } from '../../mdm/registry/import-drafts.js'
import type { Io } from '../cli/io.js'
import { toJson } from '../cli/json.js'
import { textTable } from '../cli/table.js'
import type { DraftRow, SheetProblem } from './draft-row.js'
import type { SheetsRead } from './read-sheets.js'
import { missingSheets, reportSheets, type RowOutcome, rowOutcomes } from './row-outcomes.js'
import { writeTableFiles } from './table-files.js'

export interface RowReport {
  readonly file: string
  readonly json: boolean
  /** Where the report goes as a workbook or CSV. */
  readonly report: string | null
  readonly isRehearsal: boolean
}

const mostLines = 50
const columns: readonly (readonly [DraftOutcome['outcome'], string])[] = [
  ['taken', '收入 taken'],
  ['exists', '已有 exists'],
  ['refused', '拒收 refused'],
  ['left_out', '连带未收 left out'],
  ['held_back', '未收 held back'],
]

/**
 * Says of every row what became of it.
 * @throws UserError bad_input where nothing could go in, refused where some rows stayed out.
 */
export function sayRows(io: Io, report: RowReport, sheets: SheetsRead, done: DraftImport): void {
  const outcomes = rowOutcomes(sheets.rows, done)
  const problems = [...sheets.problems, ...missingSheets(done.outcomes, report.file, sheets.lists)]
  const out = outcomes.filter(({ outcome }) => outcome === 'refused' || outcome === 'left_out')
  if (report.report !== null) writeTableFiles(io.cwd, report.report, reportSheets(problems, outcomes))
  if (report.json) sayJson(io, report, { done, problems, outcomes })
  else sayTable(io, sheets.rows, outcomes, problems)
  if (report.report !== null) io.err(`逐行报告 report: ${report.report}`)
  const where = `${report.file}: ${problems.length + out.length} 处`
  if (problems.length > 0 || !done.isAccepted)
    throw new UserError('bad_input', `${where}须改正，未导入 places to correct, nothing is taken in`)
  if (report.isRehearsal) io.err('仅试运行，未写入 a dry run: nothing was written')
  else if (outcomes.every(({ outcome }) => outcome === 'exists'))
    io.err('没有新内容，档案未变 nothing new: the registry is as it was')
  if (out.length > 0) throw new UserError('refused', `${where}未收，其余已收 rows stay out, the others are in`)
}

interface Said {
  readonly done: DraftImport
  readonly problems: readonly SheetProblem[]
  readonly outcomes: readonly RowOutcome[]
}

function sayJson(io: Io, { isRehearsal }: RowReport, { done, problems, outcomes }: Said): void {
  const isWhole = outcomes.every(({ outcome }) => outcome === 'taken' || outcome === 'exists')
  const ok = problems.length === 0 && done.isAccepted && isWhole
  io.out(
    toJson({ ok, dryRun: isRehearsal, accepted: done.isAccepted && problems.length === 0, problems, rows: outcomes }),
  )
}

function sayTable(
  io: Io,
  rows: readonly DraftRow[],
  outcomes: readonly RowOutcome[],
  problems: readonly SheetProblem[],
): void {
  const bySheet = groupBy(outcomes, ({ sheet }) => sheet)
  const used = columns.filter(([outcome]) => outcomes.some((one) => one.outcome === outcome))
  if (rows.length > 0)
    io.out(
      textTable(
        ['表 sheet', ...used.map(([, title]) => title)],
        [...bySheet].map(([sheet, ofSheet]) => [
          sheet,
          ...used.map(([outcome]) => ofSheet.filter((one) => one.outcome === outcome).length),
        ]),
      ),
    )
  const lines = [...problems.map(sheetLine), ...outcomes.flatMap(rowLines)]
  for (const line of lines.slice(0, mostLines)) io.out(line)
  if (lines.length > mostLines)
    io.out(`… 另有 ${lines.length - mostLines} 条 more; --report OUT.xlsx 或 or --json 全部 all`)
}

function sheetLine({ sheet, row, column, code, found, expected }: SheetProblem): string {
  return `${place(sheet, row, column)} ${code}: ${found === '' ? '' : `“${found}” → `}${expected}`
}

function rowLines({ sheet, row, outcome, problems }: RowOutcome): readonly string[] {
  if (outcome === 'taken' || outcome === 'exists') return []
  return problems.map(
    ({ column, code, found, expected }) => `${place(sheet, row, column)} ${code}: “${found}” → ${expected}`,
  )
}

function place(sheet: string, row: number | null, column: string | null): string {
  if (row === null) return `[${sheet}]`
  return column === null ? `[${sheet}] 第 ${row} 行 row` : `[${sheet}] ${column}${row}`
}
