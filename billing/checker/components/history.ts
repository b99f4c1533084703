import { child, childOr, type Cursor, fraction, isAbsent, items, text, whole } from '../cursor.js'
import { divide, integer, maximum, type Rational, sum, zero } from '../rational.js'
import { monthsLater } from './days.js'
import type { Situation } from './situation.js'

/**
 * What a quantity was in earlier months, by the state that the bill opens with: the highest of them, or their mean; zero where none is known.
 * @param current the quantity of the month that is charged.
 */
export function historyOf(expression: Cursor, at: Situation, current: () => Rational): Rational {
  const name = text(child(expression, 'name'))
  const slotOf = child(expression, 'slot')
  const slot = isAbsent(slotOf) ? at.slot : text(slotOf)
  const opening = childOr(at.usage, 'opening', {})
  const earlier = items(childOr(opening, 'quantities', []))
    .filter((one) => child(one, 'name').value === name && (child(one, 'slot').value ?? null) === slot)
    .filter((one) => isAsked(child(expression, 'months'), text(child(one, 'month')), at.billingMonth))
    .map((one) => fraction(child(one, 'value')))
  const values = child(expression, 'withCurrent').value === true ? [...earlier, current()] : earlier
  if (values.length === 0) return zero
  if (text(child(expression, 'take')) === 'highest') return values.reduce(maximum, zero)
  return divide(sum(values), integer(BigInt(values.length)))
}

function isAsked(months: Cursor, month: string, billed: string): boolean {
  if (month >= billed) return false
  if (months.value === 'all') return true
  const back = (count: number) => monthsLater(`${billed}-01`, -count).slice(0, 7)
  const listed = child(months, 'listed')
  if (isAbsent(listed)) return month >= back(whole(child(months, 'preceding')))
  return items(listed).some(({ value }) => value === Number(month.slice(5))) && month >= back(12)
}
