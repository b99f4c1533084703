import {
  add,
  compare,
  divide,
  formatRational,
  isZero,
  largest,
  multiply,
  rational,
  type Rational,
  round,
  smallest,
  subtract,
  sum,
  zero,
} from '../../domain/rational.js'
import { unreachable } from '../../domain/result.js'
import type { Condition, Expression } from '../tariffs/components/expression-schema.js'
import { isBetween } from '../../domain/slot-hours.js'
import { askParcels, askQuantity } from './ask-quantity.js'
import type { Frame } from './context.js'
import { basesOf } from './bases.js'
import { constantOf } from './constants.js'
import { demandsOf, meteredDemand } from './metered-demand.js'
import { addMonths, daysOf, monthsOf, type DateSpan } from './months.js'
import { refuse } from './refusal.js'
import { roundedCosine } from './rounded-cosine.js'
import { numberAt } from './usage/facts.js'
import { exact } from './usage/register-quantity.js'
import type { Span } from './usage/local-time.js'

type Operation = Exclude<Expression, string>

/** The number that an expression is in a frame. @throws Refusal */
export function evaluate(expression: Expression, frame: Frame): Rational {
  if (typeof expression === 'string')
    return constantOf(expression) ?? askQuantity(frame, expression, frame.slot, frame.over)
  return operate(expression, frame)
}

function operate(operation: Operation, frame: Frame): Rational {
  switch (operation.op) {
    case 'quantity':
      return askQuantity(frame, operation.name, operation.slot ?? frame.slot, operation.over ?? frame.over)
    case 'fact':
      return numberAt(frame.context.facts, operation.name, frame.at, operation.otherwise, frame.path)
    case 'amount':
      return sum(
        basesOf(frame, operation.of, 'period').map((base) => (operation.takes === 'exact' ? base.exact : base.amount)),
      )
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'max':
    case 'min':
      return combine(
        operation.op,
        operation.of.map((operand) => evaluate(operand, frame)),
        frame,
      )
    case 'round':
      return round(evaluate(operation.of, frame), operation.to)
    case 'if':
      return holds(operation.when, frame) ? evaluate(operation.yes, frame) : evaluate(operation.no, frame)
    case 'table':
      return lookUp(operation, frame)
    case 'demand':
      return meteredDemand(operation, frame)
    case 'history':
      return past(operation, frame)
    case 'power_factor':
      return powerFactorOf(operation, frame)
    case 'equipment':
      return frame.context.equipment.chargedAt(frame.at, operation.charged, operation.leastSuspendedDays)
    case 'days':
      return daysOf(dates(frame, frame.over === 'segment' ? frame.span : frame.context.span))
    case 'months':
      return monthsIn(frame)
    case 'count':
      return countOf(operation.of, frame)
    case 'absent':
      return refuse('cell_absent', frame.path, operation.reason)
    case 'days_in_month': {
      const first = `${frame.context.calendar.dateAt(frame.at).slice(0, 7)}-01`
      return daysOf({ from: first, to: addMonths(first, 1) })
    }
    default:
      return unreachable(operation)
  }
}

function combine(
  op: 'add' | 'subtract' | 'multiply' | 'divide' | 'max' | 'min',
  operands: readonly Rational[],
  frame: Frame,
): Rational {
  const [first = zero, ...others] = operands
  switch (op) {
    case 'add':
      return others.reduce(add, first)
    case 'subtract':
      return others.reduce(subtract, first)
    case 'multiply':
      return others.reduce(multiply, first)
    case 'divide':
      if (others.some(isZero)) return refuse('division_by_zero', frame.path, 'a divisor is zero')
      return others.reduce(divide, first)
    case 'max':
      return largest(first, ...others)
    case 'min':
      return smallest(first, ...others)
    default:
      return unreachable(op)
  }
}

function lookUp({ by, rows, upperBound }: Operation & { op: 'table' }, frame: Frame): Rational {
  const value = evaluate(by, frame)
  const reach = upperBound === 'excluded' ? -1 : 0
  const row = rows.find(({ upTo }) => upTo === undefined || compare(value, exact(upTo)) <= reach)
  return row === undefined
    ? refuse('block_bounds_out_of_order', frame.path, `no row of the table reaches ${formatRational(value)}`)
    : exact(row.value)
}

function countOf(name: string, frame: Frame): Rational {
  const { quantity, parcels } = askParcels(
    frame.over === 'segment' ? frame : { ...frame, span: frame.context.span },
    name,
    null,
  )
  if (frame.wholeMonth && frame.context.period.settlement.number > 1)
    return refuse('quantity_unknown', frame.path, `how many events of ${name} earlier settlements had is not on record`)
  if (quantity.kind !== 'events') return refuse('quantity_unknown', frame.path, `${name} is not given as events`)
  return rational(BigInt(parcels.length))
}

function powerFactorOf({ active, reactive, decimals }: Operation & { op: 'power_factor' }, frame: Frame): Rational {
  const factor = roundedCosine(evaluate(active, frame), evaluate(reactive, frame), decimals)
  return factor ?? refuse('division_by_zero', frame.path, 'a power factor of no active and no reactive energy')
}

function past({ name, months, take, withCurrent, ...asked }: Operation & { op: 'history' }, frame: Frame): Rational {
  const { history, month } = frame.context
  const slot = asked.slot ?? frame.slot
  const isAsked = (one: string) => {
    if (one >= month) return false
    if (months === 'all') return true
    if ('listed' in months)
      return months.listed.includes(Number(one.slice(5))) && one >= addMonths(`${month}-01`, -12).slice(0, 7)
    return one >= addMonths(`${month}-01`, -months.preceding).slice(0, 7)
  }
  const values = history
    .monthsOf(name, slot)
    .filter(isAsked)
    .map((one) => history.quantity(name, slot, one) ?? zero)
    .concat(withCurrent === true ? [current(name, slot, frame)] : [])
  if (values.length === 0) return zero
  return take === 'highest' ? largest(zero, ...values) : divide(sum(values), rational(BigInt(values.length)))
}

/** This month's own: a quantity, or a demand that the version meters under this name. */
function current(name: string, slot: string | null, frame: Frame): Rational {
  const [demand] = frame.context.quantities.has(name) ? [] : demandsOf(frame.segment.version).named(name)
  return demand === undefined
    ? askQuantity(frame, name, slot, 'period')
    : meteredDemand(demand, { ...frame, slot, over: 'period' })
}

function monthsIn(frame: Frame): Rational {
  const { period, span } = frame.context
  const part = frame.over === 'segment' ? frame.span : span
  return monthsOf(dates(frame, part), dates(frame, span), period.months, 'calendar')
}

/** The local days of a span, by the dates of its ends. */
export function dates({ context: { calendar } }: Frame, { from, to }: Span): DateSpan {
  return { from: calendar.dateAt(from), to: calendar.dateAt(to) }
}

/** Whether a condition holds in a frame. A fact that nobody stated is not so. @throws Refusal */
export function holds(condition: Condition, frame: Frame): boolean {
  switch (condition.is) {
    case 'all':
      return condition.of.every((one) => holds(one, frame))
    case 'any':
      return condition.of.some((one) => holds(one, frame))
    case 'not':
      return !holds(condition.of, frame)
    case 'fact':
      return frame.context.facts.valueAt(condition.name, frame.at) === condition.value
    case 'month':
      return condition.of.includes(Number(frame.context.calendar.dateAt(frame.at).slice(5, 7)))
    case 'billing_month':
      return condition.of.includes(Number(frame.context.month.slice(5)))
    case 'season':
      return isBetween(condition.from, condition.to, frame.context.calendar.dateAt(frame.at).slice(5))
    case 'kind':
      return condition.of.includes(frame.context.period.kind)
    case 'less':
    case 'less_or_equal':
    case 'equal':
    case 'greater_or_equal':
    case 'greater':
      return isOrdered(condition.is, compare(evaluate(condition.of[0], frame), evaluate(condition.of[1], frame)))
    default:
      return unreachable(condition)
  }
}

function isOrdered(
  is: 'less' | 'less_or_equal' | 'equal' | 'greater_or_equal' | 'greater',
  order: -1 | 0 | 1,
): boolean {
  switch (is) {
    case 'less':
      return order < 0
    case 'less_or_equal':
      return order <= 0
    case 'equal':
      return order === 0
    case 'greater_or_equal':
      return order >= 0
    case 'greater':
      return order > 0
    default:
      return unreachable(is)
  }
}
