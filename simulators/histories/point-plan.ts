import type { HangingMeter, RatioSpan } from './counting-meter.js'
import type { HonestEvent } from './history.js'
import type { Load } from './load.js'
import type { LoadClass } from './load-classes.js'

/** One meter makes room for the next; both are noted. */
export interface Exchange {
  readonly minute: number
  /** When the registry says it was. */
  readonly believedMinute: number
}

/** A usage point as it really is, and what the registry believes of it. */
export interface PointPlan {
  readonly loadClass: LoadClass
  /** Energy of 30 days at 100 percent, kWh e4 after the multiplier. */
  readonly monthlyE4: bigint
  /** Percent of the mean day, by day. */
  readonly levels: readonly number[]
  readonly load: Load
  /** In order of time. Two entries may share a meter id: then nobody noted that the registers began anew. */
  readonly hanging: readonly HangingMeter[]
  readonly exchanges: readonly Exchange[]
  readonly ratios: readonly RatioSpan[]
  readonly believedRatios: readonly RatioSpan[]
  /** Digits before the point that the registry has on file for the first meter, where they are wrong. */
  readonly believedDigits: number | null
  /** Minutes by which the meter's clock is ahead at each midnight; it freezes so much earlier. */
  readonly clockMinutes: (day: number) => number
  /** Meters without freezes are read live, so many minutes after midnight. */
  readonly liveDelay: ((day: number) => number) | null
  readonly events: readonly HonestEvent[]
}

/** Minute of the history at which the meter's value for a midnight is taken. */
export function readMinuteOf({ clockMinutes, liveDelay }: PointPlan, day: number): number {
  const midnight = day * 1440
  return liveDelay === null ? midnight - clockMinutes(day) : midnight + liveDelay(day)
}
