import { formatScaled } from '../../../domain/scaled.js'
import { multiplierOf, usageOf } from '../usage-of.js'
import type { ValidationRule } from '../rule.js'

/** Far more than the meter's own usual day (突增). */
export const jump: ValidationRule = (candidate, limits) => {
  const { history } = candidate
  if (history.days < limits.leastHistoryDays) return null
  const usageE4 = usageOf(candidate, limits)
  if (usageE4 === null || usageE4 <= history.mostE4) return null
  const usualE4 = history.medianE4
  const aboveE4 = usageE4 - usualE4
  const { factor, leastE4, deviations } = limits.jump
  if (
    usageE4 <= usualE4 * factor ||
    aboveE4 * multiplierOf(candidate) < leastE4 ||
    aboveE4 <= history.deviationE4() * deviations
  )
    return null
  return `${formatScaled(usageE4, 4)} kWh a day, usually ${formatScaled(usualE4, 4)}`
}
