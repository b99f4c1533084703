import type { Calendar } from '../../domain/time.js'
import type { JudgedLine, StagedFault } from '../../storage/mdm/staged-readings.js'
import { toReadingSource } from '../../storage/reading-source.js'
import { localInstants } from '../cli/local-instants.js'
import { sourceText } from '../cli/reading-words.js'
import { mendingOf } from '../registry/mending.js'
import type { SheetFacts } from './read-file.js'
import { readingColumns, readingHeading } from './reading-columns.js'

/** What is wrong in a line, in the words of its sheet. */
export interface LineProblem {
  readonly code: string
  /** Letters as in a spreadsheet; the heading where the sheet has no such column; null for the whole line or sheet. */
  readonly column: string | null
  readonly found: string
  readonly expected: string
  /** How to mend it, for people. */
  readonly mend: string
}
/** What became of one line. */
export interface LineReport {
  readonly file: string
  readonly sheet: string
  readonly row: number
  readonly object: string
  readonly outcome: JudgedLine['outcome']
  readonly problems: readonly LineProblem[]
}

export interface ReportContext {
  readonly file: string
  readonly sheets: readonly SheetFacts[]
  /** In whose time instants are told; null where the organisations' zones differ. */
  readonly calendar: Calendar | null
}

export function lineReport(line: JudgedLine, context: ReportContext): LineReport {
  const { meterCode, readAt } = line
  const at = readAt === null ? '' : instantText(new Date(readAt).toISOString(), context)
  return {
    file: context.file,
    sheet: context.sheets[line.sheet]?.name ?? '',
    row: line.line,
    object: [meterCode ?? '', at].filter((text) => text !== '').join(' '),
    outcome: line.outcome,
    problems: line.faults.map((fault) => lineProblem({ ...fault, sheet: line.sheet }, context)),
  }
}

export function lineProblem(
  { sheet, field, code, found, expected }: Omit<StagedFault, 'line'>,
  context: ReportContext,
): LineProblem {
  return {
    code,
    column: columnOf(field, context.sheets[sheet]),
    found: instantText(found, context),
    expected: instantText(wordsOf(code, expected, context), context),
    mend: mends[code] ?? mendingOf(code),
  }
}

function columnOf(field: string, sheet: SheetFacts | undefined): string | null {
  if (field === '') return null
  const named = readingColumns.find((column) => column.field === field)
  return sheet?.columns.get(field) ?? (named === undefined ? field : readingHeading(named))
}

function instantText(text: string, { calendar }: ReportContext): string {
  return calendar === null ? text : localInstants(text, calendar)
}

/** What would be right, of what the registry and other claims say. */
function wordsOf(code: string, detail: string, { sheets }: ReportContext): string {
  const [first = '', ...rest] = detail.split(' ')
  switch (code) {
    case 'unknown_code':
      return '档案中已有的编码 a code that the registry has'
    case 'still_to_come':
      return `不晚于此刻 not after now: ${detail}`
    case 'not_installed_then':
      return detail === ''
        ? '此表从未装出 it was never hung anywhere'
        : `当时在装的表 a meter that hung there then; 档案 registry: ${detail}`
    case 'two_meters_then':
      return `换表时刻，须写明电表 an exchange: name the meter: ${detail}`
    case 'does_not_fit_display':
      return `表显 ${first} 位整数 ${rest[0] ?? ''} 位小数 the display shows ${first} digits and ${rest[0] ?? ''} decimals`
    case 'described_in_two_ways':
      return `与 ${sheets[Number(first)]?.name ?? ''} 第 ${rest[0] ?? ''} 行 row 相同 the same as there`
    case 'another_claim':
      return `已有另一数 there already: ${rest[0] ?? ''} (${sourceText(toReadingSource(Number(first)))})`
    default:
      return detail
  }
}

const mends: Readonly<Record<string, string>> = {
  missing_headings: '首行写列名，样例 docs/examples/readings.csv put headings on top, as in that example',
  there_twice: '一项一列 keep one column of it',
  not_installed_then: '改正时刻或电表，或先改档案 correct the time or the meter, or the registry first',
  two_meters_then: '加上电表一列 add the column of the meter',
  does_not_fit_display: '照表填写，勿乘倍率 as the display shows it, without the multiplier',
  another_claim: '无须改正；由异常队列裁定 nothing to correct: the exception queue decides',
}
