import type { RegisterSet } from '../../../domain/reading.js'
import { formatScaled } from '../../../domain/scaled.js'
import { resolutionE4, widthE4 } from '../../../domain/register-width.js'
import { physicalLimitE4 } from '../physical-limit.js'
import { registerDelta } from '../register-delta.js'
import { registerPairs } from '../register-pairs.js'
import type { ValidationRule } from '../rule.js'

/** 0.01 kWh: what one register may lose by showing whole hundredths. A coarser display loses its own step. */
const stepE4 = 100n

/**
 * The tariff registers add up to the total within 0.01 kWh times their number n; so do their differences against the previous
 * value within 0.01 × (n + 1). Each register turns over on its own, so that the sum may be off by whole ranges of the display. Source: billing-rules 17, the digest's double-read rule.
 */
export const tariffSum: ValidationRule = (candidate, policy) => {
  const { meter, chosen, previous } = candidate
  const resolution = resolutionE4(meter)
  const step = resolution > stepE4 ? resolution : stepE4
  const shown = touOf(chosen.registers)
  if (shown.length === 0) return null
  const gapE4 = gap(chosen.registers.totalE4, shown, widthE4(meter))
  if (gapE4 > step * BigInt(shown.length)) return `tariff registers and total differ by ${formatScaled(gapE4, 4)} kWh`
  if (previous === null || touOf(previous.registers).length !== shown.length) return null
  const limitE4 = physicalLimitE4(meter, previous.readAt, candidate.readAt, policy)
  const deltas = registerPairs(previous.registers, chosen.registers).map(({ earlierE4, laterE4 }) =>
    registerDelta(earlierE4, laterE4, meter, limitE4),
  )
  const [total, ...tou] = deltas.flatMap((delta) => (delta.ok ? [delta.value] : []))
  // A register that fell is the decrease rule's to name.
  if (total === undefined || tou.length !== shown.length) return null
  const differenceGapE4 = gap(total, tou, widthE4(meter))
  if (differenceGapE4 <= step * BigInt(shown.length + 1)) return null
  return `tariff differences and total difference differ by ${formatScaled(differenceGapE4, 4)} kWh`
}

function touOf({ touE4 }: RegisterSet): readonly bigint[] {
  return touE4.filter((value) => value !== null)
}

/** How far the parts are from the whole, going round the display the shorter way. */
function gap(totalE4: bigint, partsE4: readonly bigint[], rangeE4: bigint): bigint {
  const difference = totalE4 - partsE4.reduce((sum, part) => sum + part, 0n)
  const up = ((difference % rangeE4) + rangeE4) % rangeE4
  return up < rangeE4 - up ? up : rangeE4 - up
}
