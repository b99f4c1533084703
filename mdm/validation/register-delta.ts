import { err, ok, type Result } from '../../domain/result.js'
import { type RegisterWidth, widthE4 } from '../../domain/register-width.js'

/** A register cannot have turned over plausibly unless it stood in the last tenth of its range. */
const plausibleShare = 10n

/**
 * Usage between two values of one register, kWh e4 before the multiplier.
 * @returns `register_decreased` unless the wrapped difference is physically possible in the time and small against the register's
 * range: a turnover is never assumed. Source: billing-rules 2.4; reliability R13, stories 5 and 6.
 */
export function registerDelta(
  earlierE4: bigint,
  laterE4: bigint,
  width: RegisterWidth,
  physicalLimitE4: bigint,
): Result<bigint, { readonly kind: 'register_decreased' }> {
  if (laterE4 >= earlierE4) return ok(laterE4 - earlierE4)
  const range = widthE4(width)
  const wrappedE4 = range - earlierE4 + laterE4
  const plausible = wrappedE4 <= physicalLimitE4 && wrappedE4 <= range / plausibleShare && earlierE4 < range
  return plausible ? ok(wrappedE4) : err({ kind: 'register_decreased' })
}
