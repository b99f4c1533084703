import { slotQualities } from '../../../domain/interval-day.js'
import type { CurveRule } from '../rule.js'

/** Fewer intervals than the day has. What is missing is never taken for zero. */
export const missingIntervals: CurveRule = (_day, { qualities }) => {
  let missing = 0
  for (const quality of qualities) if (quality === slotQualities.missing) missing++
  return missing === 0 ? null : `${missing} of ${qualities.length} slots not measured`
}
