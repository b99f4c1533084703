import { widthE4 } from './register-width.js'
import { err, ok, type Result } from './result.js'

export type IntervalEnergyError = { readonly kind: 'register_decreased' }

/**
 * Energy of an interval from the registers at its two ends, before the multiplier, both at scale e4. A drop is taken for one
 * rollover only where the register could not have gone through it otherwise: from its last tenth into its first.
 * @param digits digits before the decimal point that the register shows.
 */
export function intervalEnergyE4(startE4: bigint, endE4: bigint, digits: number): Result<bigint, IntervalEnergyError> {
  if (endE4 >= startE4) return ok(endE4 - startE4)
  const spanE4 = widthE4({ registerDigits: digits })
  const isRollover = startE4 >= (spanE4 / 10n) * 9n && endE4 < spanE4 / 10n
  return isRollover ? ok(endE4 + spanE4 - startE4) : err({ kind: 'register_decreased' })
}
