import { dayMs } from '../../domain/time.js'
import type { DeterminantPolicy } from './policy.js'

/** A stretch measured by one meter with one multiplier; energy after the multiplier. */
export interface MeasuredStretch {
  readonly energyE4: bigint
  readonly lengthMs: number
}

/**
 * Whether usage per day goes on after a changed meter or multiplier about as before. A multiplier mistyped after an exchange over-bills
 * for months unless somebody asks (reliability, story 9).
 */
export function fitsHistory(stretches: readonly MeasuredStretch[], policy: DeterminantPolicy): boolean {
  const perDay = stretches.map(({ energyE4, lengthMs }) => (energyE4 * BigInt(dayMs)) / BigInt(lengthMs))
  return perDay.every((later, index) => {
    const earlier = perDay[index - 1]
    if (earlier === undefined) return true
    const [low, high] = earlier < later ? [earlier, later] : [later, earlier]
    return high <= low * policy.historyFactor || high - low <= policy.historySlackE4PerDay
  })
}
