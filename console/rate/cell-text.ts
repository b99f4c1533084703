const signs: Readonly<Record<string, string>> = { add: ' + ', subtract: ' − ', multiply: ' × ', divide: ' ÷ ' }

/** A part of a tariff as a reader of an inventory wants it: `0.5469 + 0.03`, `month 7: 450, else absent`. */
export function cellText(cell: unknown): string {
  if (!isNode(cell)) return String(cell)
  if (Array.isArray(cell)) return cell.map(cellText).join(', ')
  if ('op' in cell) return expressionText(cell)
  if ('is' in cell) return conditionText(cell)
  if ('from' in cell && 'to' in cell) return `${cellText(cell['from'])}–${cellText(cell['to'])}`
  return Object.entries(cell)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} ${cellText(value)}`)
    .join(' ')
}

function expressionText(node: Node): string {
  const sign = signs[String(node['op'])]
  const operands = Array.isArray(node['of']) ? node['of'].map(cellText) : []
  if (sign !== undefined) return operands.join(sign)
  switch (node['op']) {
    case 'if':
      return `${cellText(node['when'])}: ${cellText(node['yes'])}, else ${cellText(node['no'])}`
    case 'absent':
      return 'absent'
    case 'fact':
      return String(node['name'])
    case 'quantity':
      return String(node['name'])
    case 'max':
    case 'min':
      return `${node['op']} (${operands.join(', ')})`
    case 'equipment':
      return `kVA of ${cellText(node['charged'])}; suspended below ${cellText(node['leastSuspendedDays'])} days too`
    default:
      return String(node['op'])
  }
}

const comparisons: Readonly<Record<string, string>> = {
  less: '<',
  less_or_equal: '≤',
  equal: '=',
  greater_or_equal: '≥',
  greater: '>',
}

function conditionText(node: Node): string {
  const of = node['of']
  const comparison = comparisons[String(node['is'])]
  if (comparison !== undefined && Array.isArray(of)) return of.map(cellText).join(` ${comparison} `)
  if (node['is'] === 'fact') return `${String(node['name'])} = ${String(node['value'])}`
  if (node['is'] === 'any' && Array.isArray(of)) return of.map(cellText).join(' or ')
  if (node['is'] === 'all' && Array.isArray(of)) return of.map(cellText).join(' and ')
  return `${String(node['is'])} ${cellText(of)}`
}

type Node = Readonly<Record<string, unknown>>

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === 'object'
}
