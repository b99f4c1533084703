import {
  add,
  largest,
  multiply,
  rational,
  type Rational,
  round,
  smallest,
  subtract,
  sum,
  zero,
} from '../../../domain/rational.js'
import type { BoundComponent } from '../../tariffs/components/component-schema.js'
import { basesOf } from '../bases.js'
import type { Charge } from '../charged-line.js'
import type { Frame } from '../context.js'
import { dates, evaluate } from '../evaluate.js'
import { lastDay } from '../months.js'
import { refuse } from '../refusal.js'
import { instanceAt } from '../scope.js'
import { timesOf } from './fixed-charge.js'

/** What is missing to a least amount, or a credit for what exceeds a highest one, of the components of the whole period: a line of its own. */
export function boundCharge(component: BoundComponent, frame: Frame): readonly Charge[] {
  const charged = sum(basesOf(frame, component.of, 'period').map(({ amount }) => amount))
  if (component.scope !== undefined) return boundOfScope(component, component.scope, charged, frame)
  const times = timesOf(component.per, component.dayCount, frame.whole, frame)
  const bound = multiply(evaluate(component.amount, frame), times)
  const difference = subtract(bound, charged)
  return [{ quantity: rational(1n), unit: '1', unitPrice: outside(component, difference) }]
}

/**
 * A bound of a year, say, is on all its bills so far, with what the bound itself made of them. What is missing to a least amount is known
 * with the last bill of the scope, or of the account; what exceeds a highest one, with each bill.
 */
function boundOfScope(
  component: BoundComponent,
  scope: NonNullable<BoundComponent['scope']>,
  charged: Rational,
  frame: Frame,
): readonly Charge[] {
  const { context } = frame
  const days = dates(frame, context.span)
  const instance = instanceAt(scope, lastDay(days))
  if (days.from < instance.from)
    return refuse(
      'period_crosses_scope',
      frame.path,
      `the period begins before the ${scope.of} of ${instance.from}, which the bound is one of: end a period there, or move yearStart`,
    )
  const key = { component: component.code, scope: instance.from, slot: null }
  const soFar = add(context.counters.get(key)?.used ?? zero, charged)
  const isLast = days.to === instance.to || context.period.kind !== 'regular'
  const isDue = component.kind === 'maximum' || isLast
  const difference = isDue ? outside(component, subtract(evaluate(component.amount, frame), soFar)) : zero
  const rule = component.rounding?.line ?? frame.segment.version.rounding.line
  const unitPrice = rule === undefined ? difference : round(difference, rule)
  context.counters.set(key, { used: add(soFar, unitPrice), byBlock: [] }, instance.to)
  return [{ quantity: rational(1n), unit: '1', unitPrice }]
}

function outside({ kind }: BoundComponent, difference: Rational): Rational {
  return kind === 'minimum' ? largest(zero, difference) : smallest(zero, difference)
}
