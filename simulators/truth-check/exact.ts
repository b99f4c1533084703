/** An exact fraction; the denominator is positive. */
export interface Ratio {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** Exact value of a plain decimal text such as `0.5469` or `-12`. */
export function ratioOf(text: string): Ratio {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (parts === null) throw new TypeError(`not a plain decimal: ${text}`)
  const [, sign = '', whole = '', fraction = ''] = parts
  return { numerator: BigInt(`${sign}${whole}${fraction}`), denominator: 10n ** BigInt(fraction.length) }
}

/** The nearest whole number, halves away from zero. */
export function nearest({ numerator, denominator }: Ratio): bigint {
  if (numerator < 0n) return -nearest({ numerator: -numerator, denominator })
  const whole = numerator / denominator
  return 2n * (numerator - whole * denominator) >= denominator ? whole + 1n : whole
}

/** Money of an energy (kWh e4) at a price (yuan per kWh), in whole fen. */
export function fenOf(energyE4: bigint, price: Ratio): bigint {
  return nearest({ numerator: energyE4 * price.numerator * 100n, denominator: 10_000n * price.denominator })
}
