import { dayMs } from '../../../domain/time.js'
import type { ValidationRule } from '../rule.js'

/**
 * Nothing counted for days on a load that ran before (reliability, story 8). Once it has spoken it goes on until something is counted
 * again, however far back the load then lies.
 */
export const zeroRun: ValidationRule = ({ previous, chosen, history, readAt }, { zeroRunDays }) => {
  if (previous === null || chosen.registers.totalE4 !== previous.registers.totalE4) return null
  const days = Math.round((readAt - previous.readAt) / dayMs) + history.zeroDays
  const ranBefore = history.mostE4 > 0n
  if ((days < zeroRunDays || !ranBefore) && previous.rules?.includes('zero_run') !== true) return null
  return days < zeroRunDays || !ranBefore ? 'still nothing counted' : `nothing counted for ${zeroRunDays} days or more`
}
