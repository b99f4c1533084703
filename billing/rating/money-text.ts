import { formatRational, formatRounded, type Rational } from '../../domain/rational.js'

/** With the currency's decimals where they hold the number, otherwise with as many as it needs. */
export function moneyText(value: Rational, decimals: number): string {
  return (value.n * 10n ** BigInt(decimals)) % value.d === 0n ? formatRounded(value, decimals) : formatRational(value)
}
