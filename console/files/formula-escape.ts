/** What a spreadsheet would run as a formula, wide forms included; quotes before it count, so that undoing is exact. */
const formula = /^'*[=+\-@\t\r＝＋－＠]/u
const plainNumber = /^-?\d+(\.\d+)?$/

/** Text of a CSV cell that no spreadsheet runs: a quote goes before what looks like a formula, as people write text themselves. */
export function escapeFormula(text: string): string {
  return formula.test(text) && !plainNumber.test(text) ? `'${text}` : text
}

/** The text that was escaped. */
export function unescapeFormula(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell
}
