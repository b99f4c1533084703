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
  if (d === 1n) return { n, d }
  invariant(d !== 0n, 'a denominator is not zero')
  const [above, below] = d < 0n ? [-n, -d] : [n, d]
  const divisor = greatestCommonDivisor(above < 0n ? -above : above, below)
  return divisor === 1n ? { n: above, d: below } : { n: above / divisor, d: below / divisor }
}

/** 10^exponent for an exponent that is not negative. */
export function powerOfTen(exponent: number): bigint {
  return powersOfTen[exponent] ?? 10n ** BigInt(exponent)
}

const powersOfTen = Array.from({ length: 41 }, (_, exponent) => 10n ** BigInt(exponent))

/** More digits than any bill has; the bound keeps a hostile file from costing minutes. */
const decimalText = /^(-?)(\d{1,2000})(?:\.(\d{1,2000}))?$/
const quotientText = /^(-?\d{1,2000}(?:\.\d{1,2000})?)\/(\d{1,2000}(?:\.\d{1,2000})?)$/

/** Exact number of a text `-12.50` or `5/12`; null for anything else, and for a quotient by zero. */
export function parseRational(text: string): Rational | null {
  return text.includes('/') ? parseQuotient(text) : parsePlain(text)
}

function parseQuotient(text: string): Rational | null {
  const quotient = quotientText.exec(text)
  const [above, below] = [parsePlain(quotient?.[1] ?? ''), parsePlain(quotient?.[2] ?? '')]
  return above === null || below === null || below.n === 0n ? null : divide(above, below)
}

function parsePlain(text: string): Rational | null {
  const decimal = decimalText.exec(text)
  if (decimal === null) return null
  const [, sign, whole = '', fraction = ''] = decimal
  const magnitude = BigInt(whole + fraction)
  return rational(sign === '-' ? -magnitude : magnitude, powerOfTen(fraction.length))
}

/** A plain decimal where the number has one, otherwise `numerator/denominator` in lowest terms. Read back by `parseRational`. */
export function formatRational({ n, d }: Rational): string {
  const decimals = decimalsOf(d)
  if (decimals === null) return `${n}/${d}`
  return place((n * powerOfTen(decimals)) / d, decimals)
}

/** A rounded number with exactly so many decimals. */
export function formatRounded(value: Rational, decimals: number): string {
  const places = Math.max(0, decimals)
  const scaled = value.n * powerOfTen(places)
  if (scaled % value.d !== 0n) invariant(false, `${formatRational(value)} has no more than ${places} decimals`)
  return place(scaled / value.d, places)
}

export function add(a: Rational, b: Rational): Rational {
  if (a.n === 0n) return b
  if (b.n === 0n) return a
  return a.d === b.d ? rational(a.n + b.n, a.d) : rational(a.n * b.d + b.n * a.d, a.d * b.d)
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
  const difference = a.d === b.d ? a.n - b.n : a.n * b.d - b.n * a.d
  if (difference === 0n) return 0
  return difference < 0n ? -1 : 1
}

export function isZero({ n }: Rational): boolean {
  return n === 0n
}

export function isOne({ n, d }: Rational): boolean {
  return n === 1n && d === 1n
}

export function smallest(first: Rational, ...others: readonly Rational[]): Rational {
  return others.reduce((least, other) => (compare(other, least) < 0 ? other : least), first)
}

export function largest(first: Rational, ...others: readonly Rational[]): Rational {
  return others.reduce((most, other) => (compare(other, most) > 0 ? other : most), first)
}

/** Brought to lowest terms once, in the end: a curve has thousands of values with a handful of denominators. */
export function sum(values: Iterable<Rational>): Rational {
  let [n, d] = [0n, 1n]
  for (const value of values) {
    if (value.d !== d && d % value.d !== 0n) {
      const common = (d / greatestCommonDivisor(d, value.d)) * value.d
      n *= common / d
      d = common
    }
    n += value.d === d ? value.n : value.n * (d / value.d)
  }
  return rational(n, d)
}

export function floor({ n, d }: Rational): bigint {
  const quotient = n / d
  return n < 0n && n % d !== 0n ? quotient - 1n : quotient
}

export function ceiling(value: Rational): bigint {
  return -floor(negate(value))
}

export function round(value: Rational, { mode, decimals }: Rounding): Rational {
  const step = powerOfTen(Math.abs(decimals))
  const [n, d] = decimals >= 0 ? [value.n * step, value.d] : [value.n, value.d * step]
  const magnitude = n < 0n ? -n : n
  const [whole, rest] = [magnitude / d, magnitude % d]
  if (rest === 0n) return value
  const rounded = roundsAway(mode, whole, 2n * rest - d, rest) ? whole + 1n : whole
  const signed = n < 0n ? -rounded : rounded
  return decimals >= 0 ? rational(signed, step) : rational(signed * step)
}

/** `beyondHalf` is positive above the middle, zero on it. */
function roundsAway(mode: RoundingMode, whole: bigint, beyondHalf: bigint, rest: bigint): boolean {
  if (mode === 'down') return false
  if (mode === 'up') return rest > 0n
  if (beyondHalf !== 0n) return beyondHalf > 0n
  return mode === 'half_up' || whole % 2n === 1n
}

const mostExact = BigInt(Number.MAX_SAFE_INTEGER)

/** Of whole numbers, the second above zero. What fits into 53 bits is divided as numbers: exact there, and ten times as fast. */
function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller > mostExact) [larger, smaller] = [smaller, larger % smaller]
  if (smaller === 0n) return larger
  return BigInt(commonDivisor(Number(smaller), Number(larger % smaller)))
}

function commonDivisor(a: number, b: number): number {
  let [larger, smaller] = [a, b]
  while (smaller !== 0) {
    const rest = larger % smaller
    larger = smaller
    smaller = rest
  }
  return larger
}

/** Decimals that a fraction in lowest terms needs: how often ten, two or five goes into its denominator; null where more is left than one. */
function decimalsOf(denominator: bigint): number | null {
  let decimals = 0
  let rest = denominator
  for (; rest > mostExact; decimals += 1) {
    const factor = rest % 10n === 0n ? 10n : rest % 2n === 0n ? 2n : 5n
    if (rest % factor !== 0n) return null
    rest /= factor
  }
  for (let small = Number(rest); small > 1; decimals += 1) {
    const factor = small % 10 === 0 ? 10 : small % 2 === 0 ? 2 : 5
    if (small % factor !== 0) return null
    small /= factor
  }
  return decimals
}

function place(scaled: bigint, decimals: number): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0')
  const sign = scaled < 0n ? '-' : ''
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
