import type { Forecast } from '../day-series.js'
import { quickFading, weightedMean } from '../weighted-mean.js'

const unit = 10_000n

/** As the neighbours of the same class used those days, at the point's own level: its days are measured by those of the peers. */
export const peerProfile: Forecast = ({ steadyE4, peerSharesE4 }, from, ahead) => {
  const levels = steadyE4.slice(0, from).map((usage, day) => {
    const share = peerSharesE4[day] ?? null
    return usage === null || share === null || share <= 0n ? null : (usage * unit) / share
  })
  const level = weightedMean(levels, from, quickFading)
  if (level === null) return null
  let sum = 0n
  for (let day = from; day < from + ahead; day += 1) {
    const share = peerSharesE4[day] ?? null
    if (share === null) return null
    sum += share
  }
  return (level * sum) / unit
}
