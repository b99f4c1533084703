import { dayMs, type Instant } from '../../domain/time.js'

/** Usage per day before a candidate, kWh e4 at the meter: what is usual for it, by robust measures in whole numbers. */
export interface UsageHistory {
  /** Stretches between accepted values; usually one for each day. */
  readonly days: number
  readonly leastE4: bigint
  readonly mostE4: bigint
  /** The lower one of two middle values. */
  readonly medianE4: bigint
  /** Median of the distances from the median, the upper one of two middle values: a load that rests every other day varies. */
  readonly deviationE4: () => bigint
  /** How many of the latest stretches in a row counted nothing. */
  readonly zeroDays: number
  /** The least of the stretches before those. */
  readonly leastRunningE4: () => bigint
}

/** @param usagesE4 oldest first; not to be written to afterwards */
export function toUsageHistory(usagesE4: BigInt64Array): UsageHistory {
  const days = usagesE4.length
  const sorted = usagesE4.slice().sort()
  const medianE4 = middleOf(sorted)
  let zeroDays = 0
  while (zeroDays < days && usagesE4[days - 1 - zeroDays] === 0n) zeroDays += 1
  return {
    days,
    leastE4: sorted[0] ?? 0n,
    mostE4: sorted[days - 1] ?? 0n,
    medianE4,
    zeroDays,
    deviationE4: () =>
      usagesE4.map((usage) => (usage < medianE4 ? medianE4 - usage : usage - medianE4)).sort()[days >> 1] ?? 0n,
    leastRunningE4: () => usagesE4.slice(0, days - zeroDays).sort()[0] ?? 0n,
  }
}

export const noHistory = toUsageHistory(new BigInt64Array(0))

/** The lower one of two middle values; 0 of none. */
export function medianOf(values: BigInt64Array): bigint {
  return middleOf(values.slice().sort())
}

function middleOf(sorted: BigInt64Array): bigint {
  return sorted[(sorted.length - 1) >> 1] ?? 0n
}

/** Usage of a stretch as that of one day. */
export function perDay(usageE4: bigint, from: Instant, to: Instant): bigint {
  return to - from === dayMs ? usageE4 : (usageE4 * BigInt(dayMs)) / BigInt(to - from)
}
