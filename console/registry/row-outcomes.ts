import type { Calendar } from '../../domain/time.js'
import type { DraftImport, DraftOutcome } from '../../mdm/registry/import-drafts.js'
import { type ListName, objectOf, plainText } from '../../mdm/registry/document-lists.js'
import type { Draft, DraftProblem } from '../../mdm/registry/judge-drafts.js'
import { localInstants } from '../cli/local-instants.js'
import { shortText } from '../files/table-row.js'
import { type DraftRow, placeOf, type RowPlace, type SheetProblem } from './draft-row.js'
import { titleOf } from './list-titles.js'
import { differingText } from './differing-text.js'
import { mendingOf } from './mending.js'

/** What became of one row, with all that is wrong in it. */
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
  /** How to mend it, for people. */
  readonly mend: string
  /** The row that says otherwise, where the fault lies between two. */
  readonly beside?: RowPlace
}
/** What is known of all sheets: of which lists there is one, and in whose time instants are told. */
export interface Told {
  readonly lists: ReadonlySet<ListName>
  readonly calendar: Calendar | null
}

/**
 * The rows' outcomes, made while somebody goes through them: a million stand in memory once, as drafts.
 */
export function rowOutcomes(rows: readonly DraftRow[], { outcomes }: DraftImport, told: Told): Iterable<RowOutcome> {
  const rowOf = rowsByDraft(rows, outcomes)
  return {
    *[Symbol.iterator]() {
      for (const [place, row] of rows.entries()) yield toOutcome(row, outcomes[place], rowOf, told)
    },
  }
}

/** Rows by draft, where one speaks of another; empty where nothing is wrong. */
export function rowsByDraft(
  rows: readonly DraftRow[],
  outcomes: readonly DraftOutcome[],
): ReadonlyMap<Draft, DraftRow> {
  const rowOf = new Map<Draft, DraftRow>()
  if (outcomes.some(({ problems }) => problems.length > 0)) for (const row of rows) rowOf.set(row.draft, row)
  return rowOf
}

function toOutcome(
  row: DraftRow,
  { outcome, problems }: Pick<DraftOutcome, 'outcome' | 'problems'> = { outcome: 'refused', problems: [] },
  rowOf: ReadonlyMap<Draft, DraftRow>,
  told: Told,
): RowOutcome {
  const { draft } = row
  // The first of the problems are the row's own; they are told in the words of its cells.
  const between = problems.slice(draft.problems.length).map((one) => toProblem(row, one, rowOf, told))
  const said = [...row.problems.map(toRowProblem), ...between]
  const isWaiting = outcome === 'refused' && said.length > 0 && said.every(({ code }) => code === 'left_out')
  return {
    ...placeOf(row),
    object: localText(objectOf(draft.list, draft.entry), told.calendar),
    outcome: isWaiting ? 'left_out' : outcome,
    problems: said,
  }
}

/** Whether a problem is that a whole list is nowhere: most often its sheet has another name. */
export function isOfMissingSheet({ names }: DraftProblem, lists: ReadonlySet<ListName>): boolean {
  return names !== undefined && names.isListEmpty && !lists.has(names.list)
}

function toRowProblem({ code, column, found, expected }: SheetProblem): RowProblem {
  return { code, column, found, expected, mend: mendingOf(code) }
}

function toProblem(
  row: DraftRow,
  problem: DraftProblem,
  rowOf: ReadonlyMap<Draft, DraftRow>,
  { lists, calendar }: Told,
): RowProblem {
  const { field, because, beside, names } = problem
  const isWaiting = because !== undefined || isOfMissingSheet(problem, lists)
  const code = isWaiting ? 'left_out' : (problem.code ?? 'contradicts_registry')
  const value = field === '' ? objectOf(row.draft.list, row.draft.entry) : plainText(row.draft.entry[field])
  const other = because ?? beside
  const rival = beside === undefined ? undefined : rowOf.get(beside)
  const where =
    other === undefined
      ? isWaiting && names !== undefined
        ? `表 ${titleOf(names.list)} sheet`
        : '档案 the registry'
      : placeText(row, rowOf.get(other))
  return {
    code,
    column: row.sheet.columns.get(field) ?? null,
    found: shortText(localText(value, calendar)),
    expected: isWaiting ? `因 ${where} 未收 left out for its sake` : words(row.draft.list, code, where, problem),
    mend: mendingOf(code),
    ...(rival === undefined ? {} : { beside: placeOf(rival) }),
  }
}

/** Instants stand in a draft as the document wants them; people wrote them, and read them, in local time. */
function localText(text: string, calendar: Calendar | null): string {
  return calendar === null ? text : localInstants(text, calendar)
}

function placeText(row: DraftRow, other: DraftRow | undefined): string {
  if (other === undefined) return ''
  const { file, sheet, row: number } = placeOf(other)
  const outside = file === row.sheet.file ? '' : `${file} `
  return `${outside}${sheet === row.sheet.sheet ? '' : `${sheet} `}第 ${number} 行 row ${number}`
}

function words(
  list: ListName,
  code: string,
  where: string,
  { problem, names, nearest, differs }: DraftProblem,
): string {
  switch (code) {
    case 'there_twice':
      return `不重复；另见 ${where} once; it is there too`
    case 'unknown_code':
      return `${titleOf(names?.list ?? 'actors')} 中已有的编码 a code that is there${nearText(nearest)}`
    case 'unknown_tariff':
      return `已登记的电价 a tariff on record${nearText(nearest)}`
    case 'stretches_overlap':
      return `时段不重叠（同一 ${problem.split(' for ')[1] ?? ''}）；另见 ${where} no overlap with it`
    case 'ends_before_start':
      return '止晚于起 an end after its start'
    case 'part_of_itself':
      return `不成环 no circle: ${problem}`
    case 'described_in_two_ways':
      return `与 ${where} 相同 the same as there`
    case 'does_not_add_up':
      return `合计相符 totals that add up: ${problem}`
    case 'still_to_come':
      return '已发生的时刻 an instant that has passed'
    case 'contradicts_registry':
      return `档案中已有，内容不同 the registry says otherwise: ${differingText(list, differs)}`
    default:
      return problem
  }
}

function nearText(nearest: readonly string[] = []): string {
  return nearest.length === 0 ? '' : `；相近 near: ${nearest.join(', ')}`
}

/** Lists that rows name and of which nothing is known anywhere. */
export function missingSheets(
  outcomes: readonly DraftOutcome[],
  file: string,
  lists: ReadonlySet<ListName>,
): readonly SheetProblem[] {
  const missing = new Set(
    outcomes.flatMap(({ problems }) =>
      problems.flatMap((problem) => (isOfMissingSheet(problem, lists) ? (problem.names?.list ?? []) : [])),
    ),
  )
  return [...missing].map((list) => ({
    code: 'missing_sheet',
    file,
    sheet: titleOf(list),
    row: null,
    column: null,
    found: '无此表 no such sheet',
    expected: '其他表引用了其中的编码 other sheets name codes of it',
  }))
}
