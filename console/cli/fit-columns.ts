import { textWidth } from './text-width.js'
import { type BreakAt, leastWidth } from './wrap-text.js'

/** Which columns are shown, how wide each is, and where their texts may be broken. */
export interface FittedColumns {
  /** Places of the columns that are shown, in order. */
  readonly shown: readonly number[]
  /** Cells of each column that is shown, without its borders. */
  readonly widths: readonly number[]
  readonly breakAt: BreakAt
  /** Blanks on both sides of a text, or on its left alone where there is no room for more. */
  readonly isTight: boolean
}

/** A border and its blanks for each column; the last border comes on top. */
const cellsAround = 3
const tightCellsAround = 2
/** A column that has to be cut keeps at least this many cells. */
const leastCutCells = 6

/**
 * Fits a table into `width` cells: its widest columns are folded first; where words are too long for that, blanks go, then the columns in `spare`, the
 * first of them first; then names are broken at their signs, and what is too long even then is cut.
 * @param columns the texts of each column, its heading among them.
 */
export function fitColumns(
  columns: readonly (readonly string[])[],
  width: number,
  spare: readonly number[] = [],
): FittedColumns {
  const all = columns.map((_, place) => place)
  const choices = [
    ...spare.map((_, count) => all.filter((place) => !spare.slice(0, count).includes(place))),
    all.filter((place) => !spare.includes(place)),
  ]
  for (const breakAt of ['words', 'joints'] as const)
    for (const shown of choices)
      for (const isTight of [false, true]) {
        const room = roomFor(shown.length, width, isTight)
        const widths = foldedWidths(ofColumns(columns, shown), room, (text) => leastWidth(text, breakAt))
        if (widths !== null) return { shown, widths, breakAt, isTight }
      }
  const shown = choices.at(-1) ?? all
  const cutWidths = foldedWidths(ofColumns(columns, shown), roomFor(shown.length, width, true), () => leastCutCells)
  return { shown, widths: cutWidths ?? shown.map(() => leastCutCells), breakAt: 'joints', isTight: true }
}

function roomFor(columns: number, width: number, isTight: boolean): number {
  return width - (isTight ? tightCellsAround : cellsAround) * columns - 1
}

function ofColumns<T>(columns: readonly T[], shown: readonly number[]): readonly T[] {
  return columns.filter((_, place) => shown.includes(place))
}

/** Widths that sum to what there is room for: all are cut down to one height, as water lies level, but none below what it needs. */
function foldedWidths(
  columns: readonly (readonly string[])[],
  room: number,
  leastOf: (text: string) => number,
): readonly number[] | null {
  const natural = columns.map((texts) => widest(texts, textWidth))
  const least = columns.map((texts, place) => Math.min(natural[place] ?? 0, widest(texts, leastOf)))
  if (sum(natural) <= room) return natural
  if (sum(least) > room) return null
  for (let level = Math.max(...natural); ; level -= 1) {
    const widths = natural.map((cells, place) => Math.max(least[place] ?? 0, Math.min(cells, level)))
    if (sum(widths) <= room) return widths
  }
}

function widest(texts: readonly string[], cellsOf: (text: string) => number): number {
  return texts.reduce((most, text) => Math.max(most, ...text.split('\n').map(cellsOf)), 0)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
