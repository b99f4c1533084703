import type { DraftImport, DraftOutcome } from '../../mdm/registry/import-drafts.js'
import { objectOf, plainText } from '../../mdm/registry/document-lists.js'
import type { Draft, DraftProblem } from '../../mdm/registry/judge-drafts.js'
import { shortText } from '../files/table-row.js'
import type { TableSheet } from '../files/write-table.js'
import type { DraftRow, SheetProblem } from './draft-row.js'
import { titleOf } from './list-titles.js'

/** What became of one row, with a line for each thing that is wrong in it. */
export interface RowOutcome {
  readonly file: string
  readonly sheet: string
  readonly row: number
  readonly object: string
  readonly outcome: DraftOutcome['outcome']
  readonly problems: readonly RowProblem[]
}
export interface RowProblem {
  readonly code: string
  readonly column: string | null
  readonly found: string
  readonly expected: string
}

export function rowOutcomes(rows: readonly DraftRow[], { outcomes }: DraftImport): readonly RowOutcome[] {
  const rowOf = new Map(rows.map((row) => [row.draft, row]))
  return rows.map((row, index) => {
    const { outcome, problems } = outcomes[index] ?? { outcome: 'refused', problems: [] }
    const { draft, place } = row
    const said =
      draft.problems.length > 0 ? row.problems.map(toRowProblem) : problems.map((one) => toProblem(row, one, rowOf))
    return { ...place, object: objectOf(draft.list, draft.entry), outcome, problems: said }
  })
}

function toRowProblem({ code, column, found, expected }: SheetProblem): RowProblem {
  return { code, column, found, expected }
}

function toProblem(row: DraftRow, problem: DraftProblem, rowOf: ReadonlyMap<Draft, DraftRow>): RowProblem {
  const { field, because, beside, code = because === undefined ? 'contradicts_registry' : 'left_out' } = problem
  const value = field === '' ? objectOf(row.draft.list, row.draft.entry) : plainText(row.draft.entry[field])
  const other = because ?? beside
  const where = other === undefined ? '档案 the registry' : placeText(row, rowOf.get(other))
  return {
    code: because === undefined ? code : 'left_out',
    column: row.columns.get(field) ?? null,
    found: shortText(value),
    expected: because === undefined ? words(code, where, problem.problem) : `因 ${where} 未收 left out for its sake`,
  }
}

function placeText(row: DraftRow, other: DraftRow | undefined): string {
  if (other === undefined) return ''
  const { file, sheet, row: number } = other.place
  const outside = file === row.place.file ? '' : `${file} `
  return `${outside}${sheet === row.place.sheet ? '' : `${sheet} `}第 ${number} 行 row ${number}`
}

function words(code: string, where: string, problem: string): string {
  switch (code) {
    case 'there_twice':
      return `不重复；另见 ${where} once; it is there too`
    case 'unknown_code':
      return `已有的编码 a code that is there: ${problem}`
    case 'stretches_overlap':
      return `时段不重叠；另见 ${where} no overlap with it`
    case 'ends_before_start':
      return '止晚于起 an end after its start'
    case 'part_of_itself':
      return `不成环 no circle: ${problem}`
    case 'described_in_two_ways':
      return `与 ${where} 相同 the same as there`
    case 'does_not_add_up':
      return `合计相符 totals that add up: ${problem}`
    case 'contradicts_registry':
      return `档案中已有，内容不同；用 registry change 变更 the registry says otherwise: ${problem}`
    default:
      return problem
  }
}

const outcomeWords: Readonly<Record<DraftOutcome['outcome'], string>> = {
  taken: '收入 taken',
  exists: '已有 exists',
  refused: '拒收 refused',
  left_out: '连带未收 left out',
  held_back: '未收：有拒收的行 held back: other rows are refused',
}

/** The report as sheets: what is wrong with whole sheets, then a line for each row, or for each thing that is wrong in it. */
export function reportSheets(
  problems: readonly SheetProblem[],
  outcomes: readonly RowOutcome[],
): readonly TableSheet[] {
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
      ],
      rows: reportLines(problems, outcomes),
    },
  ]
}

function* reportLines(
  problems: readonly SheetProblem[],
  outcomes: readonly RowOutcome[],
): Generator<readonly string[]> {
  for (const { file, sheet, row, column, code, found, expected } of problems)
    yield [file, sheet, row === null ? '' : String(row), '', outcomeWords.refused, column ?? '', code, found, expected]
  for (const { file, sheet, row, object, outcome, problems: ofRow } of outcomes) {
    const start = [file, sheet, String(row), object, outcomeWords[outcome]]
    if (ofRow.length === 0) yield [...start, '', '', '', '']
    for (const { column, code, found, expected } of ofRow) yield [...start, column ?? '', code, found, expected]
  }
}

/** Lists that are named and have no sheet at all: most often the sheet has another name. */
export function missingSheets(
  outcomes: readonly DraftOutcome[],
  file: string,
  lists: ReadonlySet<string>,
): readonly SheetProblem[] {
  const named = new Set(
    outcomes.flatMap(({ problems }) =>
      problems.flatMap(({ code, problem }) =>
        code === 'unknown_code' ? [problem.slice(problem.lastIndexOf(' ') + 1)] : [],
      ),
    ),
  )
  return [...named]
    .filter((list) => !lists.has(list))
    .map((list) => ({
      code: 'missing_sheet',
      file,
      sheet: titleOf(list as Draft['list']),
      row: null,
      column: null,
      found: '无此表 no such sheet',
      expected: '其他表引用了其中的编码 other sheets name codes of it',
    }))
}
