import {
  add,
  compare,
  formatRational,
  isZero,
  largest,
  multiply,
  rational,
  type Rational,
  smallest,
  subtract,
  sum,
  zero,
} from '../../../domain/rational.js'
import type { Model, UsageComponent } from '../../tariffs/components/component-schema.js'
import type { Expression } from '../../tariffs/components/expression-schema.js'
import { askParcels } from '../ask-quantity.js'
import type { Charge, Step } from '../charged-line.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import { refuse } from '../refusal.js'
import { takeFreeEvents } from './free-events.js'
import { allowed } from './price-of.js'

type PerEvent = Model & { kind: 'per_event' }

/**
 * Each event by itself: what is not free of it × price and a flat amount, together at least and at most so much. Three lines, of which the
 * last is what least and most change in all. An event that is wholly free costs nothing, not even the least.
 */
export function perEvent(model: PerEvent, component: UsageComponent, frame: Frame): readonly Charge[] {
  const { price, flat, least, most } = pricesOf(model, frame)
  const charged = takeFreeEvents(model, component.code, eventsOf(component, frame), frame)
  const [paid, count] = [sum(charged), rational(BigInt(charged.length))]
  const changes = charged.map((part) => {
    const plain = add(multiply(part, price), flat)
    return subtract(within(plain, least, most), plain)
  })
  const changed = sum(changes)
  const lines: readonly Charge[] = [
    { quantity: isZero(price) ? zero : paid, unit: component.unit, unitPrice: price },
    { quantity: isZero(flat) ? zero : count, unit: 'event', unitPrice: flat },
    { quantity: isZero(changed) ? zero : rational(1n), unit: 'least/most', unitPrice: changed },
  ]
  const charging = lines.filter(({ quantity }) => quantity !== null && !isZero(quantity))
  const steps = frame.context.explained ? [explain(charged, changes)] : []
  return charging.map((line, index) => ({ ...line, slot: null, block: null, steps: index === 0 ? steps : [] }))
}

interface EventPrices {
  readonly price: Rational
  readonly flat: Rational
  readonly least: Rational | null
  readonly most: Rational | null
}

function pricesOf(model: PerEvent, frame: Frame): EventPrices {
  const plain: Frame = { ...frame, over: 'period', slot: null }
  const path = (key: string) => `${frame.path}.model.${key}`
  const numberOf = (key: 'price' | 'flat' | 'least' | 'most', expression: Expression | undefined) =>
    expression === undefined ? null : allowed(evaluate(expression, { ...plain, path: path(key) }), frame, path(key))
  return {
    price: numberOf('price', model.price) ?? zero,
    flat: numberOf('flat', model.flat) ?? zero,
    least: numberOf('least', model.least),
    most: numberOf('most', model.most),
  }
}

/** `quantity_unknown` where the component does not simply name a quantity that is given as events. */
function eventsOf({ quantity: name, code }: UsageComponent, frame: Frame): readonly Rational[] {
  if (typeof name !== 'string' || !/^[a-z]/.test(name))
    return refuse('quantity_unknown', `${frame.path}.quantity`, `${code} needs the name of a quantity given as events`)
  const { quantity, parcels } = askParcels(frame, name, null)
  if (quantity.kind !== 'events')
    return refuse('quantity_unknown', quantity.path, `${name} is not given as events, as ${code} needs it`)
  return parcels.map(({ value }) => value)
}

function within(amount: Rational, least: Rational | null, most: Rational | null): Rational {
  const atLeast = least === null ? amount : largest(amount, least)
  return most === null ? atLeast : smallest(atLeast, most)
}

function explain(charged: readonly Rational[], changes: readonly Rational[]): Step {
  const raised = changes.filter((change) => compare(change, zero) > 0)
  const lowered = changes.filter((change) => compare(change, zero) < 0)
  return {
    rule: 'events',
    inputs: {
      charged: String(charged.length),
      raised_to_least: String(raised.length),
      lowered_to_most: String(lowered.length),
    },
    result: formatRational(sum(charged)),
  }
}
