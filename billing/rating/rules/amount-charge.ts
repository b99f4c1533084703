import { divide, isZero, rational } from '../../../domain/rational.js'
import type { AmountComponent } from '../../tariffs/components/component-schema.js'
import type { Charge } from '../charged-line.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'

/** The amount that an expression gives; with a quantity beside it, the price that follows from the two. */
export function amountCharge({ amount, quantity, unit }: AmountComponent, frame: Frame): readonly Charge[] {
  const exact = evaluate(amount, frame)
  const charged = quantity === undefined ? rational(1n) : evaluate(quantity, frame)
  const unitPrice = isZero(charged) ? null : divide(exact, charged)
  return [{ quantity: charged, unit: unit ?? '1', unitPrice, exact }]
}
