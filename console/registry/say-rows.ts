import { UserError } from '../../domain/errors.js'
import type { DraftImport, DraftOutcome } from '../../mdm/registry/import-drafts.js'
import type { Io } from '../cli/io.js'
import { toJson } from '../cli/json.js'
import { textTable } from '../cli/table.js'
import type { OpeningContradiction } from '../../storage/registry/opening-contradictions.js'
import { openingsJson, sayContradictions } from './contradictions-text.js'
import type { RowPlace, SheetProblem } from './draft-row.js'
import type { SheetsRead } from './read-sheets.js'
import { mendingOf } from './mending.js'
import { reportSheets } from './report-sheets.js'
import { missingSheets, type RowOutcome, rowOutcomes, type RowProblem } from './row-outcomes.js'
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

export interface Imported {
  readonly done: DraftImport
  /** What batches of the old books among the rows say against those in force. */
  readonly openings?: readonly OpeningContradiction[]
}

/**
 * Says of every row what became of it.
 * @throws UserError bad_input where nothing could go in, refused where some rows stayed out.
 */
export function sayRows(io: Io, report: RowReport, sheets: SheetsRead, { done, openings = [] }: Imported): void {
  const outcomes = rowOutcomes(sheets.rows, done, sheets)
  const waiting = waitingRows(sheets.rows, done, sheets.lists)
  const problems = [...sheets.problems, ...missingSheets(done.outcomes, report.file, sheets.lists)]
  const summary = summaryOf(outcomes)
  const { refused, waits } = summary
  if (report.report !== null) writeTableFiles(io.cwd, report.report, reportSheets(problems, outcomes))
  const said = { done, openings, problems, outcomes, waiting, summary }
  if (report.json) sayJson(io, report, said)
  else sayTable(io, said)
  if (!done.areTariffsKnown && sheets.rows.some(({ draft }) => draft.list === 'agreements'))
    io.err(
      '协议的电价编码未核对：尚无电价登记；批准电价后用 registry audit 核对 tariffs of agreements were not compared: none is on record; registry audit does once they are',
    )
  if (report.report !== null) io.err(`逐行报告 report: ${report.report}`)
  const where = `${report.file}: ${problems.length + faultsToldOnce(refused).length} 处`
  const wait = waits === 0 ? '' : `，${waits} 行等待`
  if (problems.length > 0 || !done.isAccepted)
    throw new UserError('bad_input', `${where}须改正${wait}，未导入 places to correct, nothing is taken in`)
  if (report.isRehearsal) io.err('仅试运行，未写入 a dry run: nothing was written')
  else if (summary.isNothingNew) io.err('没有新内容，档案未变 nothing new: the registry is as it was')
  if (refused.length + waits > 0)
    throw new UserError(
      'refused',
      `${where}须改正${wait}，其余已收 places to correct, rows that wait for them; the others are in`,
    )
}

/** What a table of a million rows comes to. */
interface Summary {
  /** By sheet. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<DraftOutcome['outcome'], number>>
  readonly refused: readonly RowOutcome[]
  readonly waits: number
  readonly isNothingNew: boolean
}

function summaryOf(outcomes: Iterable<RowOutcome>): Summary {
  const counts = new Map<string, Map<DraftOutcome['outcome'], number>>()
  const refused: RowOutcome[] = []
  for (const row of outcomes) {
    const ofSheet = counts.get(row.sheet) ?? new Map<DraftOutcome['outcome'], number>()
    counts.set(row.sheet, ofSheet.set(row.outcome, (ofSheet.get(row.outcome) ?? 0) + 1))
    if (row.outcome === 'refused') refused.push(row)
  }
  const all = [...counts.values()]
  const waits = all.reduce((sum, ofSheet) => sum + (ofSheet.get('left_out') ?? 0), 0)
  const isNothingNew = all.every((ofSheet) => [...ofSheet.keys()].every((outcome) => outcome === 'exists'))
  return { counts, refused, waits, isNothingNew }
}

interface Said {
  readonly openings: readonly OpeningContradiction[]
  readonly done: DraftImport
  readonly problems: readonly SheetProblem[]
  readonly outcomes: Iterable<RowOutcome>
  readonly waiting: readonly Waiting[]
  readonly summary: Summary
}

function sayJson(
  io: Io,
  { isRehearsal }: RowReport,
  { done, openings, problems, outcomes, waiting, summary }: Said,
): void {
  const ok = problems.length === 0 && done.isAccepted && summary.refused.length + summary.waits === 0
  const accepted = done.isAccepted && problems.length === 0
  const told = problems.map((problem) => ({ ...problem, mend: mendingOf(problem.code) }))
  io.out(
    toJson({
      ok,
      dryRun: isRehearsal,
      accepted,
      problems: told,
      waiting,
      rows: [...outcomes],
      ...openingsJson(openings),
    }),
  )
}

/** Counts by sheet, then what has to be mended, then how many rows wait for each of it. */
function sayTable(io: Io, { openings, problems, waiting, summary: { counts, refused } }: Said): void {
  const used = columns.filter(([outcome]) => [...counts.values()].some((ofSheet) => ofSheet.has(outcome)))
  if (counts.size > 0)
    io.out(
      textTable(
        ['表 sheet', ...used.map(([, title]) => title)],
        [...counts].map(([sheet, ofSheet]) => [sheet, ...used.map(([outcome]) => ofSheet.get(outcome) ?? 0)]),
      ),
    )
  sayLines(io, '须改正 to correct', [...problems.map(sheetLine), ...faultsToldOnce(refused).map(faultLine)])
  sayLines(io, '连带等待 waiting for them', waiting.map(waitingLine))
  sayContradictions(io, openings)
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

interface Fault {
  readonly row: RowOutcome
  readonly problem: RowProblem
}

/**
 * What is wrong in refused rows themselves; for what they wait besides, the sums say. What two rows say against each other is one fault,
 * told at the first of them.
 */
function faultsToldOnce(refused: readonly RowOutcome[]): readonly Fault[] {
  const told = new Set<string>()
  return refused.flatMap((row) =>
    row.problems.flatMap((problem) => {
      if (problem.code === 'left_out') return []
      const { beside, code } = problem
      const pair = beside === undefined ? null : [nameOf(row), nameOf(beside)].sort().join(' ')
      const isTold = pair !== null && told.has(`${code} ${pair}`)
      if (pair !== null) told.add(`${code} ${pair}`)
      return isTold ? [] : [{ row, problem }]
    }),
  )
}

function nameOf({ file, sheet, row }: RowPlace): string {
  return JSON.stringify([file, sheet, row])
}

function faultLine({ row: { sheet, row }, problem: { column, code, found, expected, mend } }: Fault): string {
  return `${place(sheet, row, column)} ${code}: “${found}” → ${expected} · 改法 mend: ${mend}`
}

function waitingLine({ sheet, row, rows }: Waiting): string {
  if (row === null) return `${rows} 行等待表“${sheet}” rows wait for this sheet`
  return `${rows} 行等待“${sheet}”第 ${row} 行 rows wait for row ${row} of it`
}

function place(sheet: string, row: number | null, column: string | null): string {
  if (row === null) return column === null ? `[${sheet}]` : `[${sheet}] ${column} 列 column`
  return column === null ? `[${sheet}] 第 ${row} 行 row` : `[${sheet}] ${column}${row}`
}
