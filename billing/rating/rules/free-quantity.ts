import {
  add,
  compare,
  divide,
  isZero,
  largest,
  multiply,
  type Rational,
  rational,
  smallest,
  subtract,
  sum,
  zero,
} from '../../../domain/rational.js'
import type { Free, UsageComponent } from '../../tariffs/components/component-schema.js'
import type { FreeCounter } from '../counters.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import { refuse } from '../refusal.js'
import { instancesOf, roomIn, type ScopeInstance } from '../scope.js'
import { isLevel, shareOfPeriod } from './level-quantity.js'
import type { SlotQuantity } from './slot-quantities.js'

/** What is left to charge, and where the counter of the free quantity then stands. */
export interface FreeTaken {
  readonly quantities: readonly SlotQuantity[]
  readonly instance: ScopeInstance
  readonly counter: FreeCounter
}

/** Takes a free quantity off those of a frame, as far as earlier parts of the scope have left of it. Changes no counter. */
export function takeFree(
  given: NonNullable<UsageComponent['free']>,
  component: string,
  quantities: readonly SlotQuantity[],
  frame: Frame,
): FreeTaken {
  const free = freeOf(given)
  const [instance, ...others] = instancesOf(free.scope, frame)
  if (instance === undefined || others.length > 0)
    return refuse('period_crosses_scope', `${frame.path}.free.scope`, 'a free quantity is taken off once a period')
  const before = frame.context.counters.freeOf(component, instance.from) ?? { granted: zero, used: zero }
  const granted = free.carried === true ? add(before.granted, grantOf(free, frame)) : zero
  const room = free.carried === true ? granted : roomIn(free.quantity, free.scope, instance, frame)
  const whole = largest(zero, sum(quantities.map(({ quantity }) => quantity)))
  const left = largest(zero, subtract(room, before.used))
  const takes =
    free.from === 'proportional' ? inProportion(quantities, whole, left) : inOrder(quantities, free.from.slots, left)
  return {
    quantities: quantities.map(({ slot, quantity }, index) => ({
      slot,
      quantity: subtract(quantity, takes[index] ?? zero),
    })),
    instance,
    counter: { granted, used: add(before.used, sum(takes)) },
  }
}

function freeOf(given: NonNullable<UsageComponent['free']>): Free {
  if (typeof given === 'object' && !('op' in given)) return given
  const scope: Free['scope'] = {
    of: 'period',
    yearStart: '01-01',
    times: 'once',
    factsAt: 'start',
    prorateOn: [],
    reclear: 'never',
    crossing: 'refuse',
  }
  return { quantity: given, scope, from: 'proportional' }
}

function grantOf({ quantity }: Free, frame: Frame): Rational {
  const granted = evaluate(quantity, { ...frame, slot: null, over: 'segment' })
  return isLevel(quantity, frame) ? multiply(granted, shareOfPeriod(frame)) : granted
}

function inProportion(quantities: readonly SlotQuantity[], whole: Rational, left: Rational): readonly Rational[] {
  if (isZero(whole)) return quantities.map(() => zero)
  const share = smallest(rational(1n), divide(left, whole))
  return quantities.map(({ quantity }) => multiply(quantity, share))
}

function inOrder(quantities: readonly SlotQuantity[], slots: readonly string[], room: Rational): readonly Rational[] {
  const takes = quantities.map(() => zero)
  let left = room
  for (const slot of slots) {
    const index = quantities.findIndex((one) => one.slot === slot)
    const quantity = quantities[index]?.quantity
    if (quantity === undefined || compare(quantity, zero) <= 0) continue
    const taken = smallest(left, quantity)
    takes[index] = taken
    left = subtract(left, taken)
  }
  return takes
}
