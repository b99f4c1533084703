import { characterWidth, textWidth } from './text-width.js'

/** Where a line may be broken: `words` at spaces, between Han characters and behind the underscores of a code, `joints` behind hyphens, slashes and the like as well. */
export type BreakAt = 'words' | 'joints'

/** What stays on one line, and whether a space stood before it. */
interface Atom {
  readonly text: string
  readonly spaced: boolean
}

const han = /\p{Script=Han}/u
/** May not begin a line. */
const closing = /^[，。、；：）」》！？]/u
/** A name with signs inside is broken behind them, a number or a date is not. */
const joints: Readonly<Record<BreakAt, RegExp>> = {
  words: /(?<=_)/u,
  joints: /(?<=_)|(?<=[^\d][-/:@=+.])(?=.)|(?<=[-/:@=+])(?=[^\d])/u,
}
/** A run of Han of up to this many cells stays whole where there is room for it. */
const wholeHanCells = 12

/** Breaks text into lines of at most `width` cells; what has no place to break is cut. */
export function wrapText(text: string, width: number, breakAt: BreakAt): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width, breakAt))
}

/** The fewest cells in which text can be shown without cutting a word. */
export function leastWidth(text: string, breakAt: BreakAt): number {
  const runs = text
    .split(/\s+/)
    .flatMap((word) => word.match(/\p{Script=Han}+|[^\p{Script=Han}]+/gu) ?? [])
    .flatMap((run) => run.split(joints[breakAt]))
  return runs.reduce((most, run) => Math.max(most, leastOfRun(run)), 0)
}

function leastOfRun(run: string): number {
  const width = textWidth(run)
  return han.test(run) ? Math.min(width, wholeHanCells) : width
}

function wrapLine(line: string, width: number, breakAt: BreakAt): readonly string[] {
  if (textWidth(line) <= width) return [line]
  const lines: string[] = []
  let current = ''
  for (const { text, spaced } of atomsOf(line, breakAt)) {
    const longer = current === '' ? text : `${current}${spaced ? ' ' : ''}${text}`
    if (textWidth(longer) <= width) {
      current = longer
      continue
    }
    if (current !== '') lines.push(current)
    const cutLines = cut(text, width)
    lines.push(...cutLines.slice(0, -1))
    current = cutLines.at(-1) ?? ''
  }
  return current === '' ? lines : [...lines, current]
}

function atomsOf(line: string, breakAt: BreakAt): readonly Atom[] {
  return line
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap((word) =>
      pieces(word)
        .flatMap((piece) => piece.split(joints[breakAt]))
        .map((text, place) => ({ text, spaced: place === 0 })),
    )
}

/** Each Han character with the marks that may not begin a line; the rest in one piece. */
function pieces(word: string): readonly string[] {
  const parts = word.match(/\p{Script=Han}|[^\p{Script=Han}]+/gu) ?? []
  return parts.reduce<readonly string[]>((all, part) => {
    const before = all.at(-1)
    return before !== undefined && closing.test(part) ? [...all.slice(0, -1), before + part] : [...all, part]
  }, [])
}

function cut(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let current = ''
  let cells = 0
  for (const character of text) {
    const wide = characterWidth(character)
    if (cells + wide > width && current !== '') {
      lines.push(current)
      current = ''
      cells = 0
    }
    current += character
    cells += wide
  }
  return [...lines, current]
}
