import { formatScaled } from '../../../domain/scaled.js'
import { multiplierOf, usageOf } from '../usage-of.js'
import type { ValidationRule } from '../rule.js'

/** Far less than the meter's own usual day (突减), though not nothing: that is the zero run's to name. */
export const drop: ValidationRule = (candidate, limits) => {
  const { history } = candidate
  if (history.days < limits.leastHistoryDays) return null
  const usageE4 = usageOf(candidate, limits)
  if (usageE4 === null || usageE4 === 0n || usageE4 >= history.leastE4) return null
  const usualE4 = history.medianE4
  const belowE4 = usualE4 - usageE4
  const { factor, leastE4, deviations } = limits.drop
  if (
    usageE4 * factor >= usualE4 ||
    belowE4 * multiplierOf(candidate) < leastE4 ||
    belowE4 <= history.deviationE4() * deviations
  )
    return null
  return `${formatScaled(usageE4, 4)} kWh a day, usually ${formatScaled(usualE4, 4)}`
}
