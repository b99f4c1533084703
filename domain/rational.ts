import { invariant } from './result.js'

/**
 * An exact number: numerator over a positive denominator, in lowest terms. Offline rating computes in these, so that a day's share
 * of a month (21/31) or a price per third of a unit loses nothing before its one declared rounding.
 */
export interface Rational {
  readonly n: bigint
  readonly d: bigint
}

/** How a number is cut to decimals. `half_up` is half away from zero; `up` is away from zero, `down` towards it. */
export type RoundingMode = 'half_up' | 'half_even' | 'up' | 'down'

export interface Rounding {
  readonly mode: RoundingMode
  /** Negative for tens, hundreds … */
  readonly decimals: number
}

export const zero: Rational = { n: 0n, d: 1n }
export const one: Rational = { n: 1n, d: 1n }

export function rational(n: bigint, d = 1n): Rational {
  invariant(d !== 0n, 'a denominator is not zero')
  const sign = d < 0n ? -1n : 1n
  const divisor = greatestCommonDivisor(n < 0n ? -n : n, d * sign)
  return { n: (n * sign) / divisor, d: (d * sign) / divisor }
}

/** More digits than any bill has; the bound keeps a hostile file from costing minutes. */
const decimalText = /^(-?)(\d{1,2000})(?:\.(\d{1,2000}))?$/
const quotientText = /^(-?\d{1,2000}(?:\.\d{1,2000})?)\/(\d{1,2000}(?:\.\d{1,2000})?)$/

/** Exact number of a text `-12.50` or `5/12`; null for anything else, and for a quotient by zero. */
export function parseRational(text: string): Rational | null {
  const quotient = quotientText.exec(text)
  if (quotient !== null) {
    const [above, below] = [parseRational(quotient[1] ?? ''), parseRational(quotient[2] ?? '')]
    return above === null || below === null || below.n === 0n ? null : divide(above, below)
  }
  const decimal = decimalText.exec(text)
  if (decimal === null) return null
  const [, sign, whole = '', fraction = ''] = decimal
  const magnitude = BigInt(whole + fraction)
  return rational(sign === '-' ? -magnitude : magnitude, 10n ** BigInt(fraction.length))
}

/** A plain decimal where the number has one, otherwise `numerator/denominator` in lowest terms. Read back by `parseRational`. */
export function formatRational({ n, d }: Rational): string {
  const decimals = decimalsOf(d)
  if (decimals === null) return `${n}/${d}`
  return place((n * 10n ** BigInt(decimals)) / d, decimals)
}

/** A rounded number with exactly so many decimals. */
export function formatRounded(value: Rational, decimals: number): string {
  const places = Math.max(0, decimals)
  const scaled = value.n * 10n ** BigInt(places)
  invariant(scaled % value.d === 0n, `${formatRational(value)} has no more than ${places} decimals`)
  return place(scaled / value.d, places)
}

export function add(a: Rational, b: Rational): Rational {
  return a.d === b.d ? reduce(a.n + b.n, a.d) : rational(a.n * b.d + b.n * a.d, a.d * b.d)
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, negate(b))
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.n * b.n, a.d * b.d)
}

/** The divisor is not zero: callers say what was expected where it might be. */
export function divide(a: Rational, b: Rational): Rational {
  return rational(a.n * b.d, a.d * b.n)
}

export function negate({ n, d }: Rational): Rational {
  return { n: -n, d }
}

export function compare(a: Rational, b: Rational): -1 | 0 | 1 {
  const difference = a.n * b.d - b.n * a.d
  if (difference === 0n) return 0
  return difference < 0n ? -1 : 1
}

export function isZero({ n }: Rational): boolean {
  return n === 0n
}

export function smallest(first: Rational, ...others: readonly Rational[]): Rational {
  return others.reduce((least, other) => (compare(other, least) < 0 ? other : least), first)
}

export function largest(first: Rational, ...others: readonly Rational[]): Rational {
  return others.reduce((most, other) => (compare(other, most) > 0 ? other : most), first)
}

export function sum(values: Iterable<Rational>): Rational {
  let total = zero
  for (const value of values) total = add(total, value)
  return total
}

export function floor({ n, d }: Rational): bigint {
  const quotient = n / d
  return n < 0n && n % d !== 0n ? quotient - 1n : quotient
}

export function ceiling(value: Rational): bigint {
  return -floor(negate(value))
}

export function round(value: Rational, { mode, decimals }: Rounding): Rational {
  const step = decimals >= 0 ? rational(1n, 10n ** BigInt(decimals)) : rational(10n ** BigInt(-decimals))
  const { n, d } = divide(value, step)
  const magnitude = n < 0n ? -n : n
  const [whole, rest] = [magnitude / d, magnitude % d]
  const rounded = whole + (roundsAway(mode, whole, 2n * rest - d, rest) ? 1n : 0n)
  return multiply(rational(n < 0n ? -rounded : rounded), step)
}

/** `beyondHalf` is positive above the middle, zero on it. */
function roundsAway(mode: RoundingMode, whole: bigint, beyondHalf: bigint, rest: bigint): boolean {
  if (mode === 'down') return false
  if (mode === 'up') return rest > 0n
  if (beyondHalf !== 0n) return beyondHalf > 0n
  return mode === 'half_up' || whole % 2n === 1n
}

function reduce(n: bigint, d: bigint): Rational {
  return d === 1n ? { n, d } : rational(n, d)
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger === 0n ? 1n : larger
}

/** Decimals that a fraction in lowest terms needs; null where it does not end. */
function decimalsOf(denominator: bigint): number | null {
  let [rest, twos, fives] = [denominator, 0, 0]
  while (rest % 2n === 0n) [rest, twos] = [rest / 2n, twos + 1]
  while (rest % 5n === 0n) [rest, fives] = [rest / 5n, fives + 1]
  return rest === 1n ? Math.max(twos, fives) : null
}

function place(scaled: bigint, decimals: number): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0')
  const sign = scaled < 0n ? '-' : ''
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
