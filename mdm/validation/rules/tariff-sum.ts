import type { RegisterSet } from '../../../domain/reading.js'
import { formatScaled } from '../../../domain/scaled.js'
import { type RegisterWidth, resolutionE4, widthE4 } from '../../../domain/register-width.js'
import { physicalLimitE4 } from '../physical-limit.js'
import { registerDelta } from '../register-delta.js'
import { findFallen } from '../register-pairs.js'
import type { Candidate, ValidationRule } from '../rule.js'
import type { MeterLimits } from '../policy.js'

/** 0.01 kWh: what one register may lose by showing whole hundredths. A coarser display loses its own step. */
const stepE4 = 100n

/**
 * The tariff registers add up to the total within 0.01 kWh times their number n; so do their differences against the previous
 * value within 0.01 × (n + 1). Each register turns over on its own, so both may be off by whole ranges of the display. Source: billing-rules 17, the digest's double-read rule.
 */
export const tariffSum: ValidationRule = (candidate, limits) => {
  const { meter, chosen, previous } = candidate
  const shown = shownCount(chosen.registers)
  if (shown === 0) return null
  const shownE4 = tariffGapE4(chosen.registers, meter)
  if (shownE4 > 0n) return `tariff registers and total differ by ${formatScaled(shownE4, 4)} kWh`
  const step = stepOf(meter)
  const range = widthE4(meter)
  const gapE4 = gapOf(chosen.registers)
  if (previous === null || shownCount(previous.registers) !== shown) return null
  // Where nothing fell, the gap of the differences is the difference of the gaps.
  const fallen = findFallen(previous.registers, chosen.registers)
  const differenceE4 = fallen === null ? gapE4 - gapOf(previous.registers) : gapOfDeltas(candidate, limits)
  const countedE4 = differenceE4 === null ? 0n : distance(differenceE4, range)
  if (countedE4 <= step * BigInt(shown + 1)) return null
  return `tariff differences and total difference differ by ${formatScaled(countedE4, 4)} kWh`
}

/** By how much tariff registers and total of one set differ, kWh e4; 0 within what the display may lose, and where no tariff is shown. */
export function tariffGapE4(registers: RegisterSet, meter: RegisterWidth): bigint {
  const gapE4 = distance(gapOf(registers), widthE4(meter))
  const shown = shownCount(registers)
  return shown === 0 || gapE4 <= stepOf(meter) * BigInt(shown) ? 0n : gapE4
}

function stepOf(meter: RegisterWidth): bigint {
  const resolution = resolutionE4(meter)
  return resolution > stepE4 ? resolution : stepE4
}

/** Null where a register fell that did not turn over: that is the decrease rule's to name. */
function gapOfDeltas({ meter, readAt, chosen, previous }: Candidate, limits: MeterLimits): bigint | null {
  if (previous === null) return null
  const limitE4 = physicalLimitE4(meter, previous.readAt, readAt, limits)
  const total = registerDelta(previous.registers.totalE4, chosen.registers.totalE4, meter, limitE4)
  if (!total.ok) return null
  let gap = total.value
  for (const [index, laterE4] of chosen.registers.touE4.entries()) {
    const earlierE4 = previous.registers.touE4[index] ?? null
    if (laterE4 === null) continue
    const delta = earlierE4 === null ? null : registerDelta(earlierE4, laterE4, meter, limitE4)
    if (delta === null || !delta.ok) return null
    gap -= delta.value
  }
  return gap
}

function shownCount({ touE4 }: RegisterSet): number {
  let count = 0
  for (const value of touE4) if (value !== null) count += 1
  return count
}

function gapOf({ totalE4, touE4 }: RegisterSet): bigint {
  let gap = totalE4
  for (const value of touE4) if (value !== null) gap -= value
  return gap
}

/** How far from nothing, going round the display the shorter way: each register turns over on its own. */
function distance(gapE4: bigint, rangeE4: bigint): bigint {
  const size = gapE4 < 0n ? -gapE4 : gapE4
  if (size * 2n < rangeE4) return size
  const round = size % rangeE4
  return round * 2n < rangeE4 ? round : rangeE4 - round
}
