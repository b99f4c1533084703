import { largest, multiply, rational, smallest, subtract, sum, zero } from '../../../domain/rational.js'
import type { BoundComponent } from '../../tariffs/components/component-schema.js'
import { basesOf } from '../bases.js'
import type { Charge } from '../charged-line.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import { timesOf } from './fixed-charge.js'

/** What is missing to a least amount, or a credit for what exceeds a highest one, of the components of the whole period: a line of its own. */
export function boundCharge(component: BoundComponent, frame: Frame): readonly Charge[] {
  const charged = sum(basesOf(frame, component.of, 'period').map(({ amount }) => amount))
  const times = timesOf(component.per, component.dayCount, frame.whole, frame)
  const bound = multiply(evaluate(component.amount, frame), times)
  const difference = subtract(bound, charged)
  const unitPrice = component.kind === 'minimum' ? largest(zero, difference) : smallest(zero, difference)
  return [{ quantity: rational(1n), unit: '1', unitPrice }]
}
