import { dayMs } from '../../domain/time.js'
import type { DeterminantPolicy } from './policy.js'

/** A stretch measured by one meter with one multiplier; energy after the multiplier. */
export interface MeasuredStretch {
  readonly energyE4: bigint
  readonly lengthMs: number
}

/**
 * Whether usage per day goes on after a changed meter or multiplier about as before. A multiplier mistyped after an exchange over-bills
 * for months unless somebody asks (reliability, story 9). What is little in kWh may still be a register in another unit: then one of the
 * meters counts a small part of the other, day after day. A place where nothing was used may be used again.
 */
export function fitsHistory(stretches: readonly MeasuredStretch[], policy: DeterminantPolicy): boolean {
  return stretches.every((later, index) => {
    const earlier = stretches[index - 1]
    if (earlier === undefined) return true
    const isFall = perDay(later) < perDay(earlier)
    const [low, high] = isFall ? [later, earlier] : [earlier, later]
    const [lowE4, highE4] = [perDay(low), perDay(high)]
    const differenceE4 = highE4 - lowE4
    if (highE4 > lowE4 * policy.historyFactor && differenceE4 > policy.historySlackE4PerDay) return false
    const isTelling = low.lengthMs >= policy.otherUnitMs && (isFall || lowE4 > 0n)
    return !isTelling || highE4 <= lowE4 * policy.otherUnitFactor || differenceE4 <= policy.otherUnitSlackE4PerDay
  })
}

function perDay({ energyE4, lengthMs }: MeasuredStretch): bigint {
  return (energyE4 * BigInt(dayMs)) / BigInt(lengthMs)
}
