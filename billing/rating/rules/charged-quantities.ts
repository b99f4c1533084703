import {
  add,
  compare,
  divide,
  isZero,
  largest,
  multiply,
  type Rational,
  rational,
  round,
  subtract,
  sum,
  zero,
} from '../../../domain/rational.js'
import type { UsageComponent } from '../../tariffs/components/component-schema.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import type { SlotDays } from '../usage/slot-days.js'
import { type FreeTaken, takeFree } from './free-quantity.js'
import type { SlotQuantity } from './slot-quantities.js'

/** The slots that a component charges; one without a name where it asks for none. */
export interface AskedSlots {
  readonly days: SlotDays | null
  readonly names: readonly (string | null)[]
}

export interface ChargedQuantities {
  readonly quantities: readonly SlotQuantity[]
  /** Where the counter of the free quantity then stands; null where nothing is free. */
  readonly free: FreeTaken | null
}

/** Convert, share, free, at least, round: in this order. */
export function chargedQuantities(component: UsageComponent, frame: Frame, slots: AskedSlots): ChargedQuantities {
  const shared = slots.names.map(
    (slot): SlotQuantity => ({ slot, quantity: sharedQuantity(component, { ...frame, slot, slotDays: slots.days }) }),
  )
  const free = component.free === undefined ? null : takeFree(component.free, component.code, shared, frame)
  const topped = atLeast(component, free?.quantities ?? shared, frame)
  const whole = component.rounding?.quantity ?? frame.segment.version.rounding.quantity
  const quantities =
    whole === undefined ? topped : topped.map(({ slot, quantity }) => ({ slot, quantity: round(quantity, whole) }))
  return { quantities, free }
}

function sharedQuantity({ quantity, convert, share }: UsageComponent, frame: Frame): Rational {
  const asked = evaluate(quantity, frame)
  if (convert === undefined && share === undefined) return asked
  const plain: Frame = { ...frame, slot: null }
  const converted = convert === undefined ? asked : multiply(asked, evaluate(convert.multiply, plain))
  const rounded = convert?.rounding === undefined ? converted : round(converted, convert.rounding)
  return share === undefined ? rounded : multiply(rounded, evaluate(share, plain))
}

/** What is missing to the least quantity of the period is charged at its end: in proportion to the slots, or in the first of them. */
function atLeast(
  component: UsageComponent,
  quantities: readonly SlotQuantity[],
  frame: Frame,
): readonly SlotQuantity[] {
  const isAtEnd = frame.over === 'period' || frame.span.to === frame.context.span.to
  if (component.atLeast === undefined || !isAtEnd) return quantities
  const least = evaluate(component.atLeast, { ...frame, slot: null, over: 'period' })
  const whole = sum(quantities.map(({ quantity }) => quantity))
  const before = frame.over === 'period' ? zero : (frame.context.chargedBefore.get(component.code) ?? zero)
  const missing = largest(zero, subtract(least, add(before, whole)))
  return quantities.map(({ slot, quantity }, index) => {
    const share = isZero(whole) ? rational(index === 0 ? 1n : 0n) : divide(quantity, whole)
    return { slot, quantity: add(quantity, multiply(missing, share)) }
  })
}

/** Whether any slot comes to less than nothing. */
export function negativeSlot(quantities: readonly SlotQuantity[]): SlotQuantity | null {
  return quantities.find(({ quantity }) => compare(quantity, zero) < 0) ?? null
}
