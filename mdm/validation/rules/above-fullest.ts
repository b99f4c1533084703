import { resolutionE4 } from '../../../domain/register-width.js'
import { formatScaled } from '../../../domain/scaled.js'
import { dayMs } from '../../../domain/time.js'
import { countedSince, multiplierOf } from '../usage-of.js'
import type { ValidationRule } from '../rule.js'

/** What two displays cut off differently. */
const slackSteps = 2n

/**
 * More than all but one of the days since the previous value usually count, and far more for that one than the meter's fullest day
 * (超过历史最大日). A load that grew; or a register that is not the one of the day before, which a turnover or an old value before it can hide.
 */
export const aboveFullest: ValidationRule = (candidate, limits) => {
  const { history, previous, readAt, meter } = candidate
  if (previous === null || history.days < limits.leastHistoryDays) return null
  const countedE4 = countedSince(candidate, limits)
  if (countedE4 === null || countedE4 <= history.mostE4) return null
  const otherDaysMs = BigInt(Math.max(0, readAt - previous.readAt - dayMs))
  const dayE4 = countedE4 - (history.medianE4 * otherDaysMs) / BigInt(dayMs)
  const aboveE4 = dayE4 - history.mostE4
  const { percent, leastE4 } = limits.aboveFullest
  if (
    dayE4 * 100n <= history.mostE4 * percent ||
    aboveE4 * multiplierOf(candidate) < leastE4 ||
    aboveE4 <= resolutionE4(meter) * slackSteps
  )
    return null
  return `${formatScaled(dayE4, 4)} kWh in a day that never counted more than ${formatScaled(history.mostE4, 4)}`
}
