import { divideHalfUp } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'

/**
 * Rule 定量: the part of a fixed quantity that falls into [from, to) of a period. Rounded once from the period's beginning on, so that parts
 * of one period add up to the quantity.
 */
export function fixedQuantity(
  quantityE4: bigint,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  period: { readonly periodStart: Instant; readonly periodEnd: Instant },
): bigint {
  const length = BigInt(period.periodEnd - period.periodStart)
  const until = (instant: Instant) => divideHalfUp(quantityE4 * BigInt(instant - period.periodStart), length)
  return until(to) - until(from)
}
