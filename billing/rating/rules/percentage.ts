import { add, divide, isZero, rational, sum } from '../../../domain/rational.js'
import type { PercentageComponent } from '../../tariffs/components/component-schema.js'
import { basesOf } from '../bases.js'
import type { Charge } from '../charged-line.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import { refuse } from '../refusal.js'

/** A share of what other components charged in the segment. A tax that the base contains is base × rate ÷ (100 + rate), and not added. */
export function percentage({ of, percent, takes, included }: PercentageComponent, frame: Frame): readonly Charge[] {
  const base = sum(basesOf(frame, of, 'segment').map((one) => (takes === 'exact' ? one.exact : one.amount)))
  const rate = evaluate(percent, frame)
  const hundred = rational(100n)
  const divisor = included === true ? add(hundred, rate) : hundred
  if (isZero(divisor))
    return refuse('division_by_zero', `${frame.path}.percent`, 'a base that contains -100 % of itself')
  const unitPrice = divide(rate, divisor)
  return [{ quantity: base, unit: frame.context.currency, unitPrice, included: included === true }]
}
