import { compare, parseRational, type Rational } from '../../../domain/rational.js'

/** Rows out of order, at their place in the file. */
export interface RowsDefect {
  readonly kind: 'block_bounds_out_of_order'
  readonly where: string
  readonly message: string
}

/** Rows of the tables in a component (of expressions, of power factors) that do not ascend: the first that fits is taken, whatever comes after. */
export function checkRows(node: unknown, where: string): readonly RowsDefect[] {
  if (node === null || typeof node !== 'object') return []
  if (Array.isArray(node)) return node.flatMap((inner, index) => checkRows(inner, `${where}.${index}`))
  const own = 'rows' in node && Array.isArray(node.rows) ? checkList(node.rows, `${where}.rows`) : []
  return [...own, ...Object.entries(node).flatMap(([key, inner]) => checkRows(inner, `${where}.${key}`))]
}

function checkList(rows: readonly unknown[], where: string): readonly RowsDefect[] {
  const bounds = rows.map(boundOf)
  return bounds.flatMap((bound, index): readonly RowsDefect[] => {
    const before = bounds[index - 1]
    if (index === 0 || before === undefined) return []
    const isAscending = before !== null && (bound === null || compare(before, bound) < 0)
    const defect = {
      kind: 'block_bounds_out_of_order',
      where: `${where}.${index}`,
      message: 'rows ascend, and only the last has no bound',
    } as const
    return isAscending ? [] : [defect]
  })
}

function boundOf(row: unknown): Rational | null {
  if (row === null || typeof row !== 'object') return null
  const text = 'upTo' in row ? row.upTo : 'from' in row ? row.from : null
  return typeof text === 'string' ? parseRational(text) : null
}
