import { child, childOr, type Cursor, isAbsent, items, text, whole } from '../cursor.js'
import {
  add,
  compare,
  divide,
  integer,
  maximum,
  minimum,
  multiply,
  parseRational,
  type Rational,
  subtract,
} from '../rational.js'
import { roundBy } from '../round-by.js'
import { roundedPowerFactor } from './cosine.js'
import { daysIn, monthsLater } from './days.js'
import { demandOf } from './demand.js'
import { equipmentOn } from './equipment.js'
import { factAt } from './facts.js'
import { historyOf } from './history.js'
import { onTrust } from './on-trust.js'
import { isWhole, type Situation } from './situation.js'
import { quantityOf } from './stated-quantity.js'
import { monthsIn } from './time-counts.js'

/** The number that an expression of a version is: a constant, the name of a quantity, or an operation. */
export function evaluate(expression: Cursor, at: Situation): Rational {
  if (typeof expression.value === 'string')
    return constantOf(expression.value) ?? quantityOf(at, expression.value, at.slot)
  const of = child(expression, 'of')
  switch (text(child(expression, 'op'))) {
    case 'quantity':
      return quantityOf(at, text(child(expression, 'name')), slotOf(expression) ?? at.slot)
    case 'fact':
      return factNumber(expression, at)
    case 'amount':
      return at.amountOf(of, text(child(expression, 'takes')) === 'exact' ? 'exact' : 'rounded', 'period')
    case 'add':
      return folded(of, at, add)
    case 'subtract':
      return folded(of, at, subtract)
    case 'multiply':
      return folded(of, at, multiply)
    case 'divide':
      return folded(of, at, quotient)
    case 'max':
      return folded(of, at, maximum)
    case 'min':
      return folded(of, at, minimum)
    case 'round':
      return roundBy(evaluate(of, at), child(expression, 'to'))
    case 'if':
      return evaluate(child(expression, holds(child(expression, 'when'), at) ? 'yes' : 'no'), at)
    case 'table':
      return lookedUp(expression, at)
    case 'equipment':
      return equipmentOn(expression, at)
    case 'demand':
      return demandOf(expression, at)
    case 'history':
      return historyOf(expression, at, () => currentOf(expression, at))
    case 'power_factor':
      return powerFactorOf(expression, at)
    case 'days':
      return isWhole(at) ? integer(daysIn(at.whole)) : onTrust('cut_period')
    case 'months':
      return isWhole(at) ? monthsOfPeriod(at) : onTrust('cut_period')
    case 'days_in_month': {
      const first = `${at.at.slice(0, 7)}-01`
      return integer(daysIn({ from: first, to: monthsLater(first, 1) }))
    }
    default:
      return onTrust('unknown_operation')
  }
}

function monthsOfPeriod({ whole: days, period }: Situation): Rational {
  return monthsIn(days, days, child(period, 'months'), { value: 'calendar', path: '' })
}

function powerFactorOf(expression: Cursor, at: Situation): Rational {
  const [active, reactive] = [child(expression, 'active'), child(expression, 'reactive')]
  const factor = roundedPowerFactor(evaluate(active, at), evaluate(reactive, at), whole(child(expression, 'decimals')))
  return factor ?? onTrust('unknown_operation')
}

/** Of the month that is charged: a quantity of the usage; where it is a demand of the version, it is not followed. */
function currentOf(expression: Cursor, at: Situation): Rational {
  const name = text(child(expression, 'name'))
  const slot = slotOf(expression) ?? at.slot
  const isGiven = [...items(childOr(at.usage, 'quantities', [])), ...items(childOr(at.period, 'quantities', []))].some(
    (entry) => child(entry, 'name').value === name,
  )
  return isGiven ? quantityOf(at, name, slot) : onTrust('quantity_not_stated')
}

/** The number of a text, a plain decimal or a quotient; null for a name. */
export function constantOf(said: string): Rational | null {
  const [above = '', below] = said.split('/')
  const numerator = parseRational(above)
  const denominator = below === undefined ? null : parseRational(below)
  if (numerator === null || below === undefined) return numerator
  return denominator === null ? null : divide(numerator, denominator)
}

function folded(of: Cursor, at: Situation, combine: (a: Rational, b: Rational) => Rational): Rational {
  const [first, ...others] = items(of).map((operand) => evaluate(operand, at))
  return first === undefined ? onTrust('unknown_operation') : others.reduce(combine, first)
}

function quotient(a: Rational, b: Rational): Rational {
  if (b.numerator === 0n) return onTrust('unknown_operation')
  return b.numerator > 0n ? divide(a, b) : divide(negative(a), negative(b))
}

function negative({ numerator, denominator }: Rational): Rational {
  return { numerator: -numerator, denominator }
}

function factNumber(expression: Cursor, at: Situation): Rational {
  const value = factAt(at, text(child(expression, 'name')), at.at) ?? child(expression, 'otherwise').value
  const number = typeof value === 'string' ? constantOf(value) : null
  return number ?? onTrust('unknown_operation')
}

function lookedUp(expression: Cursor, at: Situation): Rational {
  const value = evaluate(child(expression, 'by'), at)
  const isWithin = (bound: Cursor) => {
    const order = compare(value, evaluate(bound, at))
    return child(expression, 'upperBound').value === 'excluded' ? order < 0 : order <= 0
  }
  const row = items(child(expression, 'rows')).find(
    (one) => isAbsent(child(one, 'upTo')) || isWithin(child(one, 'upTo')),
  )
  return row === undefined ? onTrust('unknown_operation') : evaluate(child(row, 'value'), at)
}

function slotOf(expression: Cursor): string | null {
  const slot = child(expression, 'slot')
  return isAbsent(slot) ? null : text(slot)
}

/** Whether a condition of a version holds. A fact that nobody stated is not so. */
export function holds(condition: Cursor, at: Situation): boolean {
  const of = child(condition, 'of')
  switch (text(child(condition, 'is'))) {
    case 'all':
      return items(of).every((one) => holds(one, at))
    case 'any':
      return items(of).some((one) => holds(one, at))
    case 'not':
      return !holds(of, at)
    case 'fact':
      return factAt(at, text(child(condition, 'name')), at.at) === child(condition, 'value').value
    case 'kind':
      return items(of).some(({ value }) => value === at.kind)
    case 'billing_month':
      return isAmong(of, at.billingMonth.slice(5))
    case 'month':
      return throughout(at, (date) => isAmong(of, date.slice(5, 7)))
    case 'season': {
      const [from, to] = [text(child(condition, 'from')), text(child(condition, 'to'))]
      return throughout(at, (date) => isBetween(from, to, date.slice(5)))
    }
    case 'less':
      return comparisonOf(of, at) < 0
    case 'less_or_equal':
      return comparisonOf(of, at) <= 0
    case 'equal':
      return comparisonOf(of, at) === 0
    case 'greater_or_equal':
      return comparisonOf(of, at) >= 0
    case 'greater':
      return comparisonOf(of, at) > 0
    default:
      return onTrust('unknown_operation')
  }
}

function comparisonOf(of: Cursor, at: Situation): number {
  const [first, second] = items(of)
  if (first === undefined || second === undefined) return onTrust('unknown_operation')
  return compare(evaluate(first, at), evaluate(second, at))
}

function isAmong(months: Cursor, month: string): boolean {
  return items(months).some(({ value }) => value === Number(month))
}

/** From one day of the year to another, over the year's end where that is earlier. */
function isBetween(from: string, to: string, day: string): boolean {
  return from < to ? from <= day && day < to : day >= from || day < to
}

/** What holds on the day that is asked for, provided that it is alike on all days that are charged. */
function throughout({ at, part }: Situation, isSo: (date: string) => boolean): boolean {
  const now = isSo(at)
  if (at < part.from || at >= part.to) return now
  for (let date = part.from; date < part.to; date = dayAfter(date)) if (isSo(date) !== now) return onTrust('cut_period')
  return now
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}
