import Table from 'cli-table3'

/** A plain table for a terminal; every column but the first is aligned to the right, as figures are. */
export function textTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const table = new Table({
    head: head.map(stacked),
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  })
  table.push(...rows.map((row) => row.map(String)))
  return table.toString()
}

/** Chinese above, English below, so that a table stays narrower than a terminal. */
function stacked(heading: string): string {
  return heading.replace(/(?<=\p{Script=Han}) (?=[A-Za-z])/u, '\n')
}
