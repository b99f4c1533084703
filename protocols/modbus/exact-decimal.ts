import { divideHalfUp } from '../../domain/scaled.js'

/** An exact decimal: `units` × 10^-`decimals`. A float32 needs up to 149 decimals, more than any configured decimal holds. */
export interface ExactDecimal {
  readonly units: bigint
  readonly decimals: number
}

const plainDecimal = /^(-?)(\d+)(?:\.(\d+))?$/

/** Exact value of a plain decimal text; null for anything else. */
export function parseExact(text: string): ExactDecimal | null {
  const match = plainDecimal.exec(text)
  if (match === null) return null
  const [, sign, whole = '', fraction = ''] = match
  const units = BigInt(whole + fraction)
  return { units: sign === '-' ? -units : units, decimals: fraction.length }
}

export function times(left: ExactDecimal, right: ExactDecimal): ExactDecimal {
  return { units: left.units * right.units, decimals: left.decimals + right.decimals }
}

/** `mantissa` × 2^`exponent`, exactly: 2^-n is 5^n × 10^-n. */
export function fromBinary(mantissa: bigint, exponent: number): ExactDecimal {
  if (exponent >= 0) return { units: mantissa << BigInt(exponent), decimals: 0 }
  return { units: mantissa * 5n ** BigInt(-exponent), decimals: -exponent }
}

/** The value at a number of decimals, or null when it has more. */
export function atDecimals({ units, decimals }: ExactDecimal, wanted: number): bigint | null {
  if (decimals <= wanted) return units * 10n ** BigInt(wanted - decimals)
  const divisor = 10n ** BigInt(decimals - wanted)
  return units % divisor === 0n ? units / divisor : null
}

/** The value at a number of decimals, rounded half away from zero. */
export function roundedTo({ units, decimals }: ExactDecimal, wanted: number): bigint {
  if (decimals <= wanted) return units * 10n ** BigInt(wanted - decimals)
  return divideHalfUp(units, 10n ** BigInt(decimals - wanted))
}

/** `left` / `right` cut off to a whole number, towards zero; null for a division by zero. */
export function wholeQuotient(left: ExactDecimal, right: ExactDecimal): bigint | null {
  if (right.units === 0n) return null
  return (left.units * 10n ** BigInt(right.decimals)) / (right.units * 10n ** BigInt(left.decimals))
}

/** Whether |left| > |right|. */
export function exceeds(left: ExactDecimal, right: ExactDecimal): boolean {
  const wanted = Math.max(left.decimals, right.decimals)
  return magnitude(roundedTo(left, wanted)) > magnitude(roundedTo(right, wanted))
}

/** Plain text with exactly that many decimals. */
export function formatUnits(units: bigint, decimals: number): string {
  const digits = magnitude(units)
    .toString()
    .padStart(decimals + 1, '0')
  const sign = units < 0n ? '-' : ''
  if (decimals === 0) return sign + digits
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** Plain text without needless zeros. */
export function formatExact({ units, decimals }: ExactDecimal): string {
  const text = formatUnits(units, decimals)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}
