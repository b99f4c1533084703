import { formatRational, isOne, multiply, type Rational } from '../../../domain/rational.js'
import { unreachable } from '../../../domain/result.js'
import type { Expression } from '../../tariffs/components/expression-schema.js'
import type { Charge, Step } from '../charged-line.js'
import type { Frame, PeriodContext } from '../context.js'
import { shareByDays } from '../share-by-days.js'

/**
 * Whether a quantity stands for the whole period, as demand, a contracted value or a constant does, and does not add up as time goes by, as
 * energy does. A part of the period is charged its share by days of such a quantity.
 */
export function isLevel(expression: Expression, frame: Frame): boolean {
  if (typeof expression === 'string') return !/^[a-z]/.test(expression) || isStock(expression, frame)
  switch (expression.op) {
    case 'quantity':
      return expression.over === 'period' || isStock(expression.name, frame)
    case 'demand':
      return expression.take !== 'sum_of_days'
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
      return expression.of.every((operand) => isLevel(operand, frame))
    case 'round':
      return isLevel(expression.of, frame)
    case 'if':
      return isLevel(expression.yes, frame) && isLevel(expression.no, frame)
    case 'fact':
    case 'amount':
    case 'table':
    case 'history':
    case 'equipment':
    case 'power_factor':
    case 'days_in_month':
    case 'absent':
      return true
    default:
      return unreachable(expression)
  }
}

function isStock(name: string, { context }: Frame): boolean {
  return context.quantities.get(name)?.kind === 'stock'
}

/** Share of the period that a frame has. */
export function shareOfPeriod({ context, span }: Frame): Rational {
  return shareByDays(context.calendar, span, context.span)
}

/** A charge on the quantity of a whole period, cut to the part of it that a frame is. */
export function cutToShare(charge: Charge, share: Rational, { explained }: PeriodContext): Charge {
  const cut = (value: Rational) => multiply(value, share)
  const { quantity, exact } = charge
  if (quantity === null || isOne(share)) return charge
  return {
    ...charge,
    quantity: cut(quantity),
    ...(exact === undefined ? {} : { exact: cut(exact) }),
    steps: explained ? [...(charge.steps ?? []), explain(quantity, share)] : [],
  }
}

function explain(quantity: Rational, share: Rational): Step {
  const inputs = { quantity: formatRational(quantity), share: formatRational(share) }
  return { rule: 'time_share', inputs, result: formatRational(multiply(quantity, share)) }
}
