import { UserError } from '../../domain/errors.js'
import { groupBy } from '../../domain/group-by.js'
import type { DraftImport, DraftOutcome } from '../../mdm/registry/import-drafts.js'
import type { Io } from '../cli/io.js'
import { toJson } from '../cli/json.js'
import { textTable } from '../cli/table.js'
import type { SheetProblem } from './draft-row.js'
import type { SheetsRead } from './read-sheets.js'
import { listNamed } from './list-titles.js'
import { mendingOf } from './mending.js'
import { reportSheets } from './report-sheets.js'
import { missingSheets, type RowOutcome, rowOutcomes } from './row-outcomes.js'
import { writeTableFiles } from './table-files.js'
import { type Waiting, waitingRows } from './waiting-rows.js'

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
  const outcomes = rowOutcomes(sheets.rows, done, sheets.lists)
  const waiting = waitingRows(sheets.rows, done, sheets.lists)
  const problems = [...sheets.problems, ...missingSheets(done.outcomes, report.file, sheets.lists)]
  const refused = outcomes.filter(({ outcome }) => outcome === 'refused')
  const waits = outcomes.filter(({ outcome }) => outcome === 'left_out')
  if (report.report !== null) writeTableFiles(io.cwd, report.report, reportSheets(problems, outcomes))
  const said = { done, problems, outcomes, waiting }
  if (report.json) sayJson(io, report, said)
  else sayTable(io, said)
  if (!done.areTariffsKnown && outcomes.some(({ sheet }) => listNamed(sheet) === 'agreements'))
    io.err(
      '协议的电价编码未核对：尚无电价登记；批准电价后用 registry audit 核对 tariffs of agreements were not compared: none is on record; registry audit does once they are',
    )
  if (report.report !== null) io.err(`逐行报告 report: ${report.report}`)
  const faults = refused.flatMap((row) => row.problems.filter(({ code }) => code !== 'left_out'))
  const where = `${report.file}: ${problems.length + faults.length} 处`
  const wait = waits.length === 0 ? '' : `，${waits.length} 行等待`
  if (problems.length > 0 || !done.isAccepted)
    throw new UserError('bad_input', `${where}须改正${wait}，未导入 places to correct, nothing is taken in`)
  if (report.isRehearsal) io.err('仅试运行，未写入 a dry run: nothing was written')
  else if (outcomes.every(({ outcome }) => outcome === 'exists'))
    io.err('没有新内容，档案未变 nothing new: the registry is as it was')
  if (refused.length + waits.length > 0)
    throw new UserError(
      'refused',
      `${where}须改正${wait}，其余已收 places to correct, rows that wait for them; the others are in`,
    )
}

interface Said {
  readonly done: DraftImport
  readonly problems: readonly SheetProblem[]
  readonly outcomes: readonly RowOutcome[]
  readonly waiting: readonly Waiting[]
}

function sayJson(io: Io, { isRehearsal }: RowReport, { done, problems, outcomes, waiting }: Said): void {
  const isWhole = outcomes.every(({ outcome }) => outcome === 'taken' || outcome === 'exists')
  const ok = problems.length === 0 && done.isAccepted && isWhole
  const accepted = done.isAccepted && problems.length === 0
  const told = problems.map((problem) => ({ ...problem, mend: mendingOf(problem.code) }))
  io.out(toJson({ ok, dryRun: isRehearsal, accepted, problems: told, waiting, rows: outcomes }))
}

/** Counts by sheet, then what has to be mended, then how many rows wait for each of it. */
function sayTable(io: Io, { outcomes, problems, waiting }: Said): void {
  const bySheet = groupBy(outcomes, ({ sheet }) => sheet)
  const used = columns.filter(([outcome]) => outcomes.some((one) => one.outcome === outcome))
  if (outcomes.length > 0)
    io.out(
      textTable(
        ['表 sheet', ...used.map(([, title]) => title)],
        [...bySheet].map(([sheet, ofSheet]) => [
          sheet,
          ...used.map(([outcome]) => ofSheet.filter((one) => one.outcome === outcome).length),
        ]),
      ),
    )
  sayLines(io, '须改正 to correct', [...problems.map(sheetLine), ...outcomes.flatMap(rowLines)])
  sayLines(io, '连带等待 waiting for them', waiting.map(waitingLine))
}

function sayLines(io: Io, title: string, lines: readonly string[]): void {
  if (lines.length === 0) return
  io.out(`${title}: ${lines.length}`)
  for (const line of lines.slice(0, mostLines)) io.out(`  ${line}`)
  if (lines.length > mostLines)
    io.out(`  … 另有 ${lines.length - mostLines} 条 more; --report OUT.xlsx 或 or --json 全部 all`)
}

function sheetLine({ sheet, row, column, code, found, expected }: SheetProblem): string {
  const seen = found === '' ? '' : `“${found}” → `
  return `${place(sheet, row, column)} ${code}: ${seen}${expected} · 改法 mend: ${mendingOf(code)}`
}

/** What is wrong in a refused row itself; for what it waits besides, the sums say. */
function rowLines({ sheet, row, outcome, problems }: RowOutcome): readonly string[] {
  if (outcome !== 'refused') return []
  return problems
    .filter(({ code }) => code !== 'left_out')
    .map(
      ({ column, code, found, expected, mend }) =>
        `${place(sheet, row, column)} ${code}: “${found}” → ${expected} · 改法 mend: ${mend}`,
    )
}

function waitingLine({ sheet, row, rows }: Waiting): string {
  if (row === null) return `${rows} 行等待表“${sheet}” rows wait for this sheet`
  return `${rows} 行等待“${sheet}”第 ${row} 行 rows wait for row ${row} of it`
}

function place(sheet: string, row: number | null, column: string | null): string {
  if (row === null) return column === null ? `[${sheet}]` : `[${sheet}] ${column} 列 column`
  return column === null ? `[${sheet}] 第 ${row} 行 row` : `[${sheet}] ${column}${row}`
}
