import { compare, formatRational, type Rational, zero } from '../../../domain/rational.js'
import type { Expression } from '../../tariffs/components/expression-schema.js'
import { constantOf } from '../constants.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import { refuse } from '../refusal.js'

interface Prices {
  readonly price?: Expression | undefined
  readonly prices?: Readonly<Record<string, Expression>> | undefined
}

/** Price per unit in a slot. `price_missing` where nothing is said of it, `negative_price` where the tariff does not allow one. */
export function priceOf({ price, prices }: Prices, slot: string | null, frame: Frame, path: string): Rational {
  const ofSlot = slot === null || prices === undefined || !Object.hasOwn(prices, slot) ? price : prices[slot]
  if (ofSlot === undefined)
    return refuse('price_missing', path, slot === null ? 'no price' : `no price for slot ${slot}`)
  const constant = typeof ofSlot === 'string' ? constantOf(ofSlot) : null
  return allowed(constant ?? evaluate(ofSlot, { ...frame, slot: null, over: 'period', path }), frame, path)
}

/** The price itself, or `negative_price`. */
export function allowed(price: Rational, { context }: Frame, path: string): Rational {
  if (compare(price, zero) < 0 && !context.mayBeNegative)
    return refuse(
      'negative_price',
      path,
      `${formatRational(price)} is negative, and the tariff does not say mayBeNegative`,
    )
  return price
}
