import { child, childOr, type Cursor, isAbsent, items, text } from '../cursor.js'
import { constantOf } from './evaluate.js'
import type { Situation } from './situation.js'

const powerUnits: ReadonlySet<string> = new Set(['kW', 'kVA', 'kvar', 'W', 'MW', 'MVA'])

/** Whether a quantity stands for the whole period, as a demand, a contracted value or a constant does, and does not add up as time goes by. */
export function isLevel(expression: Cursor, at: Situation): boolean {
  if (typeof expression.value === 'string')
    return constantOf(expression.value) !== null || isPower(expression.value, at)
  switch (text(child(expression, 'op'))) {
    case 'quantity':
      return child(expression, 'over').value === 'period' || isPower(text(child(expression, 'name')), at)
    case 'demand':
      return child(expression, 'take').value !== 'sum_of_days'
    case 'days':
    case 'months':
    case 'count':
      return false
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'max':
    case 'min':
      return items(child(expression, 'of')).every((operand) => isLevel(operand, at))
    case 'round':
      return isLevel(child(expression, 'of'), at)
    case 'if':
      return isLevel(child(expression, 'yes'), at) && isLevel(child(expression, 'no'), at)
    default:
      return true
  }
}

/** Given in a unit of power, called demand without one, or derived from intervals. */
function isPower(name: string, { period, usage }: Situation): boolean {
  const isDerived = items(childOr(period, 'demands', [])).some((one) => child(one, 'name').value === name)
  const own = [...items(childOr(usage, 'quantities', [])), ...items(childOr(period, 'quantities', []))].filter(
    (entry) => child(entry, 'name').value === name,
  )
  return isDerived || own.some(isReadyPower)
}

function isReadyPower(entry: Cursor): boolean {
  if (isAbsent(child(entry, 'value'))) return false
  const unit = child(entry, 'unit')
  return isAbsent(unit) ? text(child(entry, 'name')) === 'demand' : powerUnits.has(text(unit))
}
