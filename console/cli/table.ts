import Table from 'cli-table3'
import { type FittedColumns, fitColumns } from './fit-columns.js'
import { screenWidth } from './screen.js'
import { wrapText } from './wrap-text.js'

export interface TableOptions {
  /** Headings of the columns that are left out first where the terminal is narrow, the least important first. */
  readonly spare?: readonly string[]
}

/**
 * `无 none` without rows. A plain table that fits the terminal: columns of figures are aligned to the right, texts to the left; what is too wide is folded, then left out as
 * `spare` says, and named below.
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  { spare = [] }: TableOptions = {},
): string {
  if (rows.length === 0) return '无 none'
  const heads = head.map(stacked)
  const texts = rows.map((row) => row.map(String))
  const columns = head.map((_, place) => [heads[place] ?? '', ...texts.map((row) => row[place] ?? '')])
  const fitted = fitColumns(
    columns,
    screenWidth(),
    spare.map((heading) => head.indexOf(heading)).filter((place) => place >= 0),
  )
  const folded = texts.map((row) => foldRow(row, fitted))
  const table = new Table({
    head: [...foldRow(heads, fitted)],
    colAligns: fitted.shown.map((place) => (isFigures(place, texts) ? 'right' : 'left')),
    style: {
      head: [],
      border: [],
      // A row begins where its first column says something; lines between rows are for tables where most first columns go on.
      compact: folded.filter(([name]) => name?.includes('\n') === true).length * 2 <= folded.length,
      ...(fitted.isTight ? { 'padding-right': 0 } : {}),
    },
  })
  table.push(...folded.map((row) => [...row]))
  return [table.toString(), ...leftOutText(head, fitted)].join('\n')
}

/** Chinese above, English below, so that a table stays narrower than a terminal. */
function stacked(heading: string): string {
  return heading.replace(/(?<=\p{Script=Han}) (?=[A-Za-z])/u, '\n')
}

function foldRow(row: readonly string[], { shown, widths, breakAt }: FittedColumns): readonly string[] {
  return shown.map((place, index) => wrapText(row[place] ?? '', widths[index] ?? 1, breakAt).join('\n'))
}

const figure = /^(?:[-+−±≤≥<>~≈]? ?\d[\d.,:]*(?:\/\d+)? ?%?|—|-|)$/u

/** The first column names the row; one that is empty throughout holds no figures. */
function isFigures(place: number, rows: readonly (readonly string[])[]): boolean {
  const cells = rows.map((row) => row[place] ?? '')
  return place > 0 && cells.every((cell) => figure.test(cell)) && cells.some((cell) => cell !== '')
}

function leftOutText(head: readonly string[], { shown }: FittedColumns): readonly string[] {
  const leftOut = head.filter((_, place) => !shown.includes(place))
  return leftOut.length === 0 ? [] : [`未显示 not shown: ${leftOut.join('、')}（--wide 全部显示 shows all）`]
}
