import { parseRational, type Rational } from '../../../domain/rational.js'

/** A number at so many decimals; null where it has more, or is below nothing. */
export function scaled({ n, d }: Rational, decimals: number): bigint | null {
  const above = n * 10n ** BigInt(decimals)
  return above < 0n || above % d !== 0n ? null : above / d
}

/** The same of a text. */
export function scaledNumber(text: string, decimals: number): bigint | null {
  const value = parseRational(text)
  return value === null ? null : scaled(value, decimals)
}
