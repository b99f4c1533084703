import { resolve } from 'node:path'
import { UserError } from '../../domain/errors.js'
import type { ReadingsImported } from '../../mdm/readings/import-readings.js'
import type { JudgedLine, StagedOutcome } from '../../storage/mdm/staged-readings.js'
import type { Io } from '../cli/io.js'
import { textTable } from '../cli/table.js'
import { outcomeWords } from './outcome-words.js'
import { openReportCsv } from './report-csv.js'
import { lineProblem, type LineProblem, lineReport, type LineReport, type ReportContext } from './report-lines.js'

export interface ImportReport extends ReportContext {
  /** Rows so far that are not of a local midnight. */
  readonly offMidnight: () => number
  readonly json: boolean
  readonly isRehearsal: boolean
  /** Where each line goes as CSV. */
  readonly report: string | null
}

const mostLines = 50
const outcomes = Object.keys(outcomeWords) as readonly StagedOutcome[]

/** Tells what becomes of each line while it is told, so that a million of them are nowhere at once; what people read at the end is bounded. */
export function createSayer(io: Io, report: ImportReport) {
  const csv = report.report === null ? null : openReportCsv(resolve(io.cwd, report.report))
  const corrections: string[] = []
  const beside: string[] = []
  let [places, isFirst] = [0, true]
  const note = (line: LineReport): void => {
    if (line.outcome === 'refused') places += line.problems.length
    const kept = line.outcome === 'refused' ? corrections : beside
    for (const problem of line.problems)
      if (kept.length < mostLines) kept.push(problemText(line.sheet, line.row, problem))
  }
  if (report.json) io.out(`{"file":${JSON.stringify(report.file)},"dryRun":${report.isRehearsal},"rows":[`)
  return {
    lines(judged: readonly JudgedLine[]): void {
      const lines = judged.map((line) => lineReport(line, report))
      for (const line of lines) note(line)
      csv?.lines(lines)
      if (!report.json || lines.length === 0) return
      io.out(`${isFirst ? '' : ','}${lines.map((line) => JSON.stringify(line)).join(',\n')}`)
      isFirst = false
    },
    /** @throws UserError bad_input where nothing could go in, refused where some lines stayed out. */
    end(done: ReadingsImported): void {
      csv?.close()
      const whole = done.sheetFaults.map((fault) => ({
        sheet: report.sheets[fault.sheet]?.name ?? '',
        problem: lineProblem(fault, report),
      }))
      if (report.json) io.out(`],${jsonTail(report, done, whole)}}`)
      else
        sayText(
          io,
          report,
          done,
          [...whole.map(({ sheet, problem }) => problemText(sheet, 0, problem)), ...corrections],
          beside,
        )
      if (report.report !== null) io.err(`逐行报告 report: ${report.report}`)
      conclude(io, report, done, places + whole.length)
    },
  }
}

function jsonTail(
  { sheets, offMidnight }: ImportReport,
  { isAccepted, counts, added, validation, sheetFaults }: ReadingsImported,
  whole: readonly { readonly sheet: string; readonly problem: LineProblem }[],
): string {
  const ok = isAccepted && sheetFaults.length === 0 && counts.every(({ outcome }) => outcome !== 'refused')
  const tail = {
    ok,
    accepted: isAccepted,
    problems: whole.map(({ sheet, problem }) => ({ sheet, ...problem })),
    counts: counts.map(({ sheet, ...rest }) => ({ sheet: sheets[sheet]?.name ?? '', ...rest })),
    added,
    offMidnight: offMidnight(),
    validation: validation === null ? null : { accepted: validation.accepted, held: validation.held.length },
  }
  return JSON.stringify(tail).slice(1, -1)
}

function sayText(
  io: Io,
  { sheets }: ImportReport,
  { counts, validation }: ReadingsImported,
  corrections: readonly string[],
  beside: readonly string[],
): void {
  const used = outcomes.filter((outcome) => counts.some((one) => one.outcome === outcome))
  const linesOf = (sheet: number, outcome: StagedOutcome) =>
    counts.find((one) => one.sheet === sheet && one.outcome === outcome)?.lines ?? 0
  const named = [...sheets.entries()].filter(([index]) => counts.some(({ sheet }) => sheet === index))
  if (named.length > 0)
    io.out(
      textTable(
        ['表 sheet', ...used.map((outcome) => outcomeWords[outcome])],
        named.map(([index, { name }]) => [name, ...used.map((outcome) => linesOf(index, outcome))]),
      ),
    )
  sayList(io, '须改正 to correct', corrections)
  sayList(io, '与已有示数不一，作为另一示数收入 unlike what is there, taken as a further value', beside)
  if (validation !== null)
    io.out(`校核 validation: 认可 accepted ${validation.accepted} · 待核 held ${validation.held.length}`)
}

function sayList(io: Io, title: string, lines: readonly string[]): void {
  if (lines.length === 0) return
  io.out(`${title}:`)
  for (const line of lines.slice(0, mostLines)) io.out(`  ${line}`)
  if (lines.length >= mostLines) io.out('  … 全部见 all of them: --report OUT.csv 或 or --json')
}

function problemText(sheet: string, row: number, { column, code, found, expected, mend }: LineProblem): string {
  const line = row === 0 ? '' : ` 第 ${row} 行 row`
  const at = column === null ? line : /^[A-Z]{1,3}$/.test(column) && row > 0 ? ` ${column}${row}` : `${line} ${column}`
  const seen = found === '' ? '' : `“${found}” → `
  return `[${sheet}]${at} ${code}: ${seen}${expected} · 改法 mend: ${mend}`
}

function conclude(
  io: Io,
  { file, isRehearsal, offMidnight }: ImportReport,
  done: ReadingsImported,
  places: number,
): void {
  const { isAccepted, counts, validation } = done
  if (!isAccepted)
    throw new UserError('bad_input', `${file}: ${places} 处须改正，未导入 places to correct, nothing is taken in`)
  if (offMidnight() > 0)
    io.err(
      `${offMidnight()} 行不在零点：只作历史与校核，不作计费边界 rows are not of a midnight: history for validation, no boundary of a bill`,
    )
  if (isRehearsal) io.err('仅试运行，未写入 a dry run: nothing was written')
  else if (done.added === 0) io.err('没有新示数 nothing new: the readings are there already')
  if (validation !== null && validation.held.length > 0)
    io.err('待核的示数：shuangwu exceptions run，再 exceptions list held readings wait in the exception queue')
  if (counts.some(({ outcome }) => outcome === 'refused'))
    throw new UserError('refused', `${file}: ${places} 处须改正，其余已收 places to correct; the other rows are in`)
}
