/** A meter's display: digits before and after the decimal point. */
export interface RegisterWidth {
  readonly registerDigits: number
  readonly registerDecimals: number
}

/** Asked for with each reading: raising to a power takes as long as all the rest of a comparison. */
const powersOfTen = Array.from({ length: 21 }, (_, exponent) => 10n ** BigInt(exponent))

/** The kWh (e4) at which a register starts again from zero. */
export function widthE4({ registerDigits }: Pick<RegisterWidth, 'registerDigits'>): bigint {
  return powersOfTen[registerDigits + 4] ?? 10n ** BigInt(registerDigits + 4)
}

/** The smallest step (kWh e4) a register can show. */
export function resolutionE4({ registerDecimals }: Pick<RegisterWidth, 'registerDecimals'>): bigint {
  return 10n ** BigInt(4 - registerDecimals)
}
