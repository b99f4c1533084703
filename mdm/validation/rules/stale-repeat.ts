import { sameRegisters } from '../../../domain/same-registers.js'
import { dayMs } from '../../../domain/time.js'
import { multiplierOf } from '../usage-of.js'
import type { ValidationRule } from '../rule.js'

/** Exactly the registers of the previous value on a load that never rested: an old value that was delivered again. */
export const staleRepeat: ValidationRule = (candidate, limits) => {
  const { previous, chosen, history, readAt } = candidate
  if (previous === null || !sameRegisters(previous.registers, chosen.registers)) return null
  const days = Math.round((readAt - previous.readAt) / dayMs) + history.zeroDays
  const running = history.days - history.zeroDays
  if (days < limits.staleRepeat.days || running < limits.leastHistoryDays) return null
  return history.leastRunningE4() * multiplierOf(candidate) < limits.staleRepeat.leastDayE4
    ? null
    : `the same registers for ${days} days on a load that never rested`
}
