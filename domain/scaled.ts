import { Decimal, parseDecimal } from './decimal.js'
import { invariant } from './result.js'

/**
 * Stored quantities are integers whose name carries the scale: energy and demand e4 (0.0001 kWh, kW), unit prices e8
 * (0.00000001 yuan), money in fen (the minor unit of the organisation's currency).
 */
export type Scale = 0 | 1 | 2 | 3 | 4 | 6 | 8

const factors = {
  0: 1n,
  1: 10n,
  2: 100n,
  3: 1000n,
  4: 10_000n,
  6: 1_000_000n,
  8: 100_000_000n,
} as const satisfies Record<Scale, bigint>

/** Integer of a decimal text at a scale; null when the text is no plain decimal or has more decimals than the scale. */
export function parseScaled(text: string, scale: Scale): bigint | null {
  const value = parseDecimal(text)
  if (value === null || value.decimalPlaces() > scale) return null
  return BigInt(value.mul(factors[scale].toString()).toFixed(0))
}

/** Exact decimal of a scaled integer. */
export function fromScaled(value: bigint, scale: Scale): Decimal {
  return new Decimal(value.toString()).div(factors[scale].toString())
}

/** Text of a scaled integer with at least `minDecimals` decimals and no further trailing zeros. */
export function formatScaled(value: bigint, scale: Scale, minDecimals = 0): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  const point = digits.length - scale
  const decimals = digits.slice(point).replace(/0+$/, '').padEnd(minDecimals, '0')
  const sign = value < 0n ? '-' : ''
  return decimals === '' ? sign + digits.slice(0, point) : `${sign}${digits.slice(0, point)}.${decimals}`
}

/** Fen as yuan with two decimals, for people and documents. */
export function yuan(fen: bigint): string {
  return formatScaled(fen, 2, 2)
}

/** Quotient of two integers rounded half away from zero; the divisor is positive. */
export function divideHalfUp(numerator: bigint, divisor: bigint): bigint {
  invariant(divisor > 0n, 'a rounding divisor is positive')
  const magnitude = numerator < 0n ? -numerator : numerator
  const rounded = (2n * magnitude + divisor) / (2n * divisor)
  return numerator < 0n ? -rounded : rounded
}

/**
 * Amount of one bill line in fen: quantity_e4 × price_e8 × numerator / denominator, one division at the end, half away from zero.
 * 10^10 = 10^4 (quantity) × 10^8 (price) / 10^2 (fen to the yuan).
 */
export function lineFen(quantityE4: bigint, priceE8: bigint, numerator = 1n, denominator = 1n): bigint {
  return divideHalfUp(quantityE4 * priceE8 * numerator, 10_000_000_000n * denominator)
}
