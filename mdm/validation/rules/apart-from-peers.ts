import { formatScaled } from '../../../domain/scaled.js'
import { multiplierOf, usageOf } from '../usage-of.js'
import type { ValidationRule } from '../rule.js'

/**
 * The neighbours of the class went on as they do, or all moved together, and this meter went another way: against its usual day times
 * their trend.
 */
export const apartFromPeers: ValidationRule = (candidate, limits) => {
  const { history, neighbours } = candidate
  if (neighbours.trendPermille === null || history.days < limits.leastHistoryDays) return null
  const usageE4 = usageOf(candidate, limits)
  // What it has counted before it may count again, whatever the neighbours do.
  if (usageE4 === null || (usageE4 >= history.leastE4 && usageE4 <= history.mostE4)) return null
  const expectedE4 = (history.medianE4 * neighbours.trendPermille) / 1000n
  const [low, high] = usageE4 < expectedE4 ? [usageE4, expectedE4] : [expectedE4, usageE4]
  const { factor, leastE4 } = limits.peers
  if (high <= low * factor || (high - low) * multiplierOf(candidate) < leastE4) return null
  return `${formatScaled(usageE4, 4)} kWh a day where the neighbours let expect ${formatScaled(expectedE4, 4)}`
}
