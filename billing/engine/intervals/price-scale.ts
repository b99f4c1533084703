import { maxBilledE4 } from '../../../domain/bill.js'
import { multiply, rational, type Rational } from '../../../domain/rational.js'
import type { PriceScale } from '../charge-fen.js'
import { droppedDecimals } from '../compile-program.js'

/** A price per unit e8; null where eight decimals do not hold it. */
export function toE8(price: Rational): bigint | null {
  const { n, d } = multiply(price, rational(100_000_000n))
  return n % d === 0n ? n / d : null
}

/** Prices with the decimals that none of them needs left off, so that quantity × price stays below 2^53 for as many as possible. */
export interface ScaledPrices {
  readonly pricesE8: readonly number[]
  readonly scale: PriceScale
  readonly prices: readonly number[]
}

export function scalePrices(pricesE8: readonly number[]): ScaledPrices {
  const wide = pricesE8.map(BigInt)
  const dropped = droppedDecimals(wide)
  const unit = 10n ** BigInt(dropped)
  const highest = wide.reduce((high, price) => (price > high ? price : high), unit) / unit
  const exact = (2n ** 53n - 1n) / highest
  return {
    pricesE8,
    scale: {
      divisor: Number(10n ** BigInt(10 - dropped)),
      exactQuantityE4: Number(exact < maxBilledE4 ? exact : maxBilledE4),
    },
    prices: wide.map((price) => Number(price / unit)),
  }
}
