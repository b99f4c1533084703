import { sameRegisters } from '../../../domain/same-registers.js'
import { dayMs } from '../../../domain/time.js'
import { multiplierOf } from '../usage-of.js'
import type { ValidationRule } from '../rule.js'

/**
 * Exactly the registers of the previous value on a load that never rested: an old value that was delivered again. Where too few days are
 * known to tell, a repetition of some days may be one as well: what follows it shows.
 */
export const staleRepeat: ValidationRule = (candidate, limits) => {
  const { previous, chosen, history, readAt } = candidate
  if (previous === null || !sameRegisters(previous.registers, chosen.registers)) return null
  const days = Math.round((readAt - previous.readAt) / dayMs) + history.zeroDays
  const running = history.days - history.zeroDays
  if (days < limits.staleRepeat.days) return null
  const isTelling = (dayE4: bigint) => dayE4 * multiplierOf(candidate) >= limits.staleRepeat.leastDayE4
  if (running >= limits.leastHistoryDays)
    return isTelling(history.leastRunningE4())
      ? `the same registers for ${days} days on a load that never rested`
      : null
  const mayRun = running === 0 || isTelling(history.mostE4)
  return days < limits.leastHistoryDays && mayRun
    ? `the same registers for ${days} days on a load of which ${running} days are known`
    : null
}
