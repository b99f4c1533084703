import { dayMs, type Instant } from '../../domain/time.js'

/** Usage per day before a candidate, kWh e4 at the meter: what is usual for it, by robust measures in whole numbers. */
export interface UsageHistory {
  /** Stretches between accepted values; usually one for each day. */
  readonly days: number
  readonly leastE4: bigint
  readonly mostE4: bigint
  /** How many of the latest stretches in a row counted nothing. */
  readonly zeroDays: number
  /** The least of the stretches before those. */
  readonly leastRunningE4: bigint
  /** The lower one of two middle values. */
  readonly medianE4: () => bigint
  /** Median of the distances from the median. */
  readonly deviationE4: () => bigint
}

/** @param usagesE4 oldest first */
export function toUsageHistory(usagesE4: readonly bigint[]): UsageHistory {
  const days = usagesE4.length
  let least = usagesE4[0] ?? 0n
  let most = least
  let leastRunning = least
  let zeroDays = 0
  for (const usage of usagesE4) {
    if (usage < least) least = usage
    if (usage > most) most = usage
    zeroDays = usage === 0n ? zeroDays + 1 : 0
    if (zeroDays === 0) leastRunning = least
  }
  let median: bigint | null = null
  const medianE4 = () => (median ??= medianOf(usagesE4))
  const deviationE4 = () => {
    const middle = medianE4()
    return medianOf(usagesE4.map((usage) => (usage < middle ? middle - usage : usage - middle)))
  }
  return { days, leastE4: least, mostE4: most, zeroDays, leastRunningE4: leastRunning, medianE4, deviationE4 }
}

export const noHistory = toUsageHistory([])

/** The lower one of two middle values; 0 of none. */
export function medianOf(values: readonly bigint[]): bigint {
  if (values.length === 0) return 0n
  return BigInt64Array.from(values).sort()[(values.length - 1) >> 1] ?? 0n
}

/** Usage of a stretch as that of one day. */
export function perDay(usageE4: bigint, from: Instant, to: Instant): bigint {
  return to - from === dayMs ? usageE4 : (usageE4 * BigInt(dayMs)) / BigInt(to - from)
}
