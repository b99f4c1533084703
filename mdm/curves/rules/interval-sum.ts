import { resolutionE4 } from '../../../domain/register-width.js'
import { formatScaled } from '../../../domain/scaled.js'
import { reconcile } from '../reconcile.js'
import type { CurveRule } from '../rule.js'

/** Load records show hundredths of a kWh, whatever the display does. */
const curveStepE4 = 100n

/**
 * The slots come to what the registers at the day's ends say, within some steps of the coarser display. Where a meter's clock and the
 * clock of whoever read the registers differ, it shows here.
 */
export const intervalSum: CurveRule = (day, slots, { toleranceSteps }) => {
  const difference = reconcile(day, slots)
  if (difference === null) return null
  const stepE4 = resolutionE4(day.meter) > curveStepE4 ? resolutionE4(day.meter) : curveStepE4
  const toleranceE4 = toleranceSteps * stepE4
  if (difference <= toleranceE4 && difference >= -toleranceE4) return null
  return `slots and registers differ by ${formatScaled(difference, 4)} kWh, at most ${formatScaled(toleranceE4, 4)}`
}
