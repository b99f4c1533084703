/** An exact fraction with a positive denominator. The checker computes with these and nothing else. */
export interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}

export const zero: Rational = { numerator: 0n, denominator: 1n }

/** Fraction of a plain decimal text; null for any other text. */
export function parseRational(text: string): Rational | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (match === null) return null
  const [, sign = '', whole = '', fraction = ''] = match
  const magnitude = BigInt(whole + fraction)
  return { numerator: sign === '-' ? -magnitude : magnitude, denominator: 10n ** BigInt(fraction.length) }
}

export function integer(value: bigint): Rational {
  return { numerator: value, denominator: 1n }
}

export function add(a: Rational, b: Rational): Rational {
  // Decimals have powers of ten below: the larger one holds the other, so that sums of thousands stay small.
  if (a.denominator % b.denominator === 0n)
    return { numerator: a.numerator + b.numerator * (a.denominator / b.denominator), denominator: a.denominator }
  if (b.denominator % a.denominator === 0n)
    return { numerator: a.numerator * (b.denominator / a.denominator) + b.numerator, denominator: b.denominator }
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  }
}

export function negate(a: Rational): Rational {
  return { numerator: -a.numerator, denominator: a.denominator }
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, negate(b))
}

export function multiply(a: Rational, b: Rational): Rational {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator }
}

/** a / b for a positive b. */
export function divide(a: Rational, b: Rational): Rational {
  return { numerator: a.numerator * b.denominator, denominator: a.denominator * b.numerator }
}

/** Negative, zero or positive as a is below, equal to or above b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The least whole number that is no less. */
export function ceiling({ numerator, denominator }: Rational): Rational {
  const whole = numerator / denominator
  return integer(numerator % denominator === 0n || numerator < 0n ? whole : whole + 1n)
}

export function minimum(a: Rational, b: Rational): Rational {
  return compare(a, b) < 0 ? a : b
}

export function maximum(a: Rational, b: Rational): Rational {
  return compare(a, b) < 0 ? b : a
}

export function sum(values: readonly Rational[]): Rational {
  return values.reduce(add, zero)
}

/** Rounded to two decimals, half away from zero. */
export function roundToCents(value: Rational): Rational {
  const scaled = value.numerator * 100n
  const magnitude = scaled < 0n ? -scaled : scaled
  const rounded = (2n * magnitude + value.denominator) / (2n * value.denominator)
  return { numerator: scaled < 0n ? -rounded : rounded, denominator: 100n }
}

/** The integer value × 10^decimals; null when it is none. */
export function scaledInteger(value: Rational, decimals: number): bigint | null {
  const scaled = value.numerator * 10n ** BigInt(decimals)
  return scaled % value.denominator === 0n ? scaled / value.denominator : null
}

/** Decimal text of a fraction, cut off after twelve decimals, for messages. */
export function show(value: Rational): string {
  const scaled = (value.numerator * 10n ** 12n) / value.denominator
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(13, '0')
  const text = `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '')
  return scaled < 0n ? `-${text}` : text
}
