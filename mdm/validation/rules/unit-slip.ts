import { formatScaled } from '../../../domain/scaled.js'
import { dayMs } from '../../../domain/time.js'
import { multiplierOf, usageOf } from '../usage-of.js'
import type { RuleLimits } from '../policy.js'
import type { Candidate, ValidationRule } from '../rule.js'

const powers = [10n, 100n, 1000n]

/**
 * The register, or the usage of a load that is steady, is ten, a hundred or a thousand times what it should be, or that part of it:
 * a value in another unit (reliability, story 10).
 */
export const unitSlip: ValidationRule = (candidate, allLimits) => {
  const { unitSlip: limits, leastHistoryDays } = allLimits
  const { previous, chosen, history } = candidate
  if (previous === null || history.days < leastHistoryDays) return null
  const usageE4 = usageOf(candidate, allLimits)
  // Within what it has counted before, nothing has slipped: a register that turned over may stand anywhere.
  if (usageE4 !== null && usageE4 >= history.leastE4 && usageE4 <= history.mostE4) return null
  const register =
    slipOf(previous.registers.totalE4 + history.medianE4, chosen.registers.totalE4, limits.tolerancePercent) ??
    youngSlipOf(candidate, usageE4, allLimits)
  if (register !== null) return `register ${formatScaled(chosen.registers.totalE4, 4)} is ${register} what it was`
  if (usageE4 === null) return null
  const usualE4 = history.medianE4
  if (history.deviationE4() * 100n > usualE4 * limits.steadyPercent) return null
  const usage = slipOf(usualE4, usageE4, limits.tolerancePercent)
  return usage === null
    ? null
    : `usage of ${formatScaled(usageE4, 4)} kWh a day is ${usage} the usual ${formatScaled(usualE4, 4)}`
}

/**
 * Near zero the use of a day is much of the register, so there it tells of another unit what it shows after any of its days. A jump that
 * is not large is left alone: such a register may well grow tenfold.
 */
function youngSlipOf(
  candidate: Candidate,
  usageE4: bigint | null,
  { jump, unitSlip: { tolerancePercent } }: RuleLimits,
): string | null {
  const { previous, chosen, history, readAt } = candidate
  if (previous === null || usageE4 === null || usageE4 * multiplierOf(candidate) < jump.leastE4) return null
  const days = BigInt(Math.max(1, Math.round((readAt - previous.readAt) / dayMs)))
  const [least, most] = [history.leastE4, history.mostE4].map((dayE4) => previous.registers.totalE4 + dayE4 * days)
  const nowE4 = chosen.registers.totalE4 * 100n
  const found = powers.find(
    (power) =>
      nowE4 >= (least ?? 0n) * power * (100n - tolerancePercent) &&
      nowE4 <= (most ?? 0n) * power * (100n + tolerancePercent),
  )
  return found === undefined ? null : `${found} times`
}

function slipOf(beforeE4: bigint, nowE4: bigint, tolerancePercent: bigint): string | null {
  if (beforeE4 <= 0n || nowE4 <= 0n) return null
  for (const power of powers) {
    if (isAbout(nowE4, beforeE4 * power, tolerancePercent)) return `${power} times`
    if (isAbout(nowE4 * power, beforeE4, tolerancePercent)) return `1/${power} of`
  }
  return null
}

function isAbout(value: bigint, wanted: bigint, tolerancePercent: bigint): boolean {
  const distance = value < wanted ? wanted - value : value - wanted
  return distance * 100n <= wanted * tolerancePercent
}
