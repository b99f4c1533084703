import { compare, formatRational, isZero, multiply, type Rational, zero } from '../../../domain/rational.js'
import { unreachable } from '../../../domain/result.js'
import type { FixedComponent } from '../../tariffs/components/component-schema.js'
import type { Charge, Step } from '../charged-line.js'
import type { Frame } from '../context.js'
import { dates, evaluate } from '../evaluate.js'
import { type DayCount, daysOf, monthsOf, yearsOf } from '../months.js'
import { refuse } from '../refusal.js'
import { shareByDays } from '../share-by-days.js'
import type { Span } from '../usage/local-time.js'
import { allowed } from './price-of.js'

/**
 * Quantity × time × price: a standing charge, kVA or kW by the month. The line's quantity holds the time already (kVA·months).
 * `negative_energy` where the quantity is below zero and the tariff does not allow it.
 */
export function fixedCharge(component: FixedComponent, frame: Frame): readonly Charge[] {
  const times = timesOf(component.per, component.dayCount, frame.span, frame)
  const quantity = evaluate(component.quantity, frame)
  if (compare(quantity, zero) < 0 && !frame.context.mayBeNegative)
    refuse('negative_energy', frame.path, `${component.code} comes to ${formatRational(quantity)}`)
  return [
    {
      quantity: multiply(quantity, times),
      unit: unitOf(component),
      unitPrice: allowed(evaluate(component.price, frame), frame, `${frame.path}.price`),
      steps: isZero(quantity) || !frame.context.explained ? [] : [explain(quantity, component.per, times)],
    },
  ]
}

function explain(quantity: Rational, per: FixedComponent['per'], times: Rational): Step {
  const inputs = { quantity: formatRational(quantity), [per]: formatRational(times) }
  return { rule: 'time_share', inputs, result: formatRational(multiply(quantity, times)) }
}

function unitOf({ unit, per }: FixedComponent): string {
  return unit === '1' ? per : `${unit}·${per}`
}

/** How many days, months, years or periods a part of a period counts for. */
export function timesOf(per: FixedComponent['per'], dayCount: DayCount, part: Span, frame: Frame): Rational {
  const { period } = frame.context
  const [partDates, periodDates] = [dates(frame, part), dates(frame, frame.whole)]
  switch (per) {
    case 'day':
      return daysOf(partDates)
    case 'month':
      return monthsOf(partDates, periodDates, period.months, dayCount)
    case 'year':
      return yearsOf(partDates, periodDates, period.months, dayCount)
    case 'period':
      return shareByDays(frame.context.calendar, part, frame.whole)
    default:
      return unreachable(per)
  }
}
