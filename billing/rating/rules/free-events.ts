import { add, compare, isZero, one, type Rational, smallest, subtract, zero } from '../../../domain/rational.js'
import type { Model } from '../../tariffs/components/component-schema.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'

/**
 * What is charged of each event, those left out that are wholly free. Events are free from the first one on until so many of them or so much
 * of their quantity is used up, whichever comes first; the one that goes beyond the quantity is charged the rest of it, and whatever comes
 * after is charged in full. Both go on through the parts of a period.
 */
export function takeFreeEvents(
  { free }: Model & { kind: 'per_event' },
  component: string,
  events: readonly Rational[],
  frame: Frame,
): readonly Rational[] {
  if (free === undefined || (free.events === undefined && free.quantity === undefined)) return events
  const plain: Frame = { ...frame, over: 'period', slot: null }
  const [mostEvents, mostQuantity] = [free.events, free.quantity].map((given) =>
    given === undefined ? null : evaluate(given, plain),
  )
  const { counters, span, calendar } = frame.context
  const [from, to] = [calendar.dateAt(span.from), calendar.dateAt(span.to)]
  const before = counters.freeOf(component, from)
  let [count, used] = [before?.granted ?? zero, before?.used ?? zero]
  const isLeft = (most: Rational | null | undefined, taken: Rational) =>
    most === null || most === undefined || compare(taken, most) < 0
  const charged: Rational[] = []
  for (const event of events) {
    const isFree = isLeft(mostEvents, count) && isLeft(mostQuantity, used)
    const left = mostQuantity === null || mostQuantity === undefined ? event : subtract(mostQuantity, used)
    const part = isFree ? smallest(event, left) : zero
    const rest = subtract(event, part)
    used = add(used, part)
    if (isFree) count = add(count, one)
    if (!isFree || !isZero(rest)) charged.push(rest)
  }
  counters.setFree(component, from, { granted: count, used }, to)
  return charged
}
