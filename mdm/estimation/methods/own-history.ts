import type { Forecast } from '../day-series.js'
import { quickFading, weightedMean } from '../weighted-mean.js'

/** As the point's own days have been lately, single peaks cut. */
export const ownHistory: Forecast = ({ steadyE4 }, from, ahead) => {
  const daily = weightedMean(steadyE4, from, quickFading)
  return daily === null ? null : daily * BigInt(ahead)
}
