/** A meter's display: digits before and after the decimal point. */
export interface RegisterWidth {
  readonly registerDigits: number
  readonly registerDecimals: number
}

/** The kWh (e4) at which a register starts again from zero. */
export function widthE4({ registerDigits }: RegisterWidth): bigint {
  return 10n ** BigInt(registerDigits + 4)
}

/** The smallest step (kWh e4) a register can show. */
export function resolutionE4({ registerDecimals }: Pick<RegisterWidth, 'registerDecimals'>): bigint {
  return 10n ** BigInt(4 - registerDecimals)
}
