import { quantities } from '../../../domain/quantities.js'
import { formatScaled } from '../../../domain/scaled.js'
import { dayMs } from '../../../domain/time.js'
import { multiplierOf } from '../usage-of.js'
import type { ValidationRule } from '../rule.js'

/**
 * A total that fell by about what the meter usually counts runs backwards: it was wired the wrong way round or somebody turned it.
 * So does one that counts reverse active energy where none may be fed in. Source: billing-rules 2.4, "倒走".
 */
export const reverseRunning: ValidationRule = (candidate, limits) => {
  const { previous, chosen, quantity, supply, history, readAt } = candidate
  if (previous === null) return null
  const change = chosen.registers.totalE4 - previous.registers.totalE4
  if (quantity === quantities.reverse_active_energy.code && supply !== null && !supply.exportAgreed)
    return change * multiplierOf(candidate) > limits.exportLeastE4
      ? `${formatScaled(change, 4)} kWh were fed in and nothing is agreed`
      : null
  if (change >= 0n || history.days < limits.leastHistoryDays) return null
  const days = BigInt(Math.max(1, Math.ceil((readAt - previous.readAt) / dayMs)))
  if (-change > history.medianE4 * limits.reverseDays * days) return null
  return `total ran back by ${formatScaled(-change, 4)} kWh, about what it usually counts`
}
