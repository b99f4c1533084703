import { formatScaled } from '../../../domain/scaled.js'
import { perDay } from '../usage-history.js'
import { multiplierOf } from '../usage-of.js'
import type { ValidationRule } from '../rule.js'

/**
 * A usage that is nearly the register itself was computed from nothing before it (reliability, story 7). A meter that was hung new and
 * started near zero is exempt in its first period, and so is one whose register began anew and that has counted as much in a day before.
 */
export const nearAbsolute: ValidationRule = (candidate, { nearAbsolute: limits, leastHistoryDays }) => {
  const { previous, chosen, supply, readAt, history } = candidate
  if (previous === null) return null
  const { totalE4 } = chosen.registers
  const usageE4 = totalE4 - previous.registers.totalE4
  if (usageE4 * multiplierOf(candidate) < limits.leastE4 || usageE4 * 100n < totalE4 * (100n - limits.percent))
    return null
  if (supply !== null && readAt - supply.installedAt <= limits.firstPeriodMs) return null
  if (history.days >= leastHistoryDays && perDay(usageE4, previous.readAt, readAt) <= history.mostE4 * 2n) return null
  return `usage of ${formatScaled(usageE4, 4)} kWh is nearly the register itself, ${formatScaled(totalE4, 4)}`
}
