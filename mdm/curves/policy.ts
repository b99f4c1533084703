import type { CurveChannel } from '../../domain/interval-day.js'
import { dayMs, hourMs } from '../../domain/time.js'
import type { CurveRuleName } from './rule.js'

/** How curves become days, as data; energies kWh e4 at the meter, before the multiplier. */
export interface CurvePolicy {
  readonly version: string
  /** Channels that are settled; one that stands at zero all the time is left out. */
  readonly channels: readonly CurveChannel[]
  /** How long after its end an incomplete day is closed: filled or held. A complete one is written at once. */
  readonly closeAfterMs: number
  /** The longest stretch that may be filled. */
  readonly longestFillMs: number
  /** How far back similar days are looked for, how many of them give a shape, and with how few there is none. */
  readonly historyDays: number
  readonly similarDays: number
  readonly leastSimilarDays: number
  /** Most a meter can count in an hour. */
  readonly limitE4PerHour: bigint
  /** Measured slots that stand still for so long, on a day that has energy, are spoken of. */
  readonly zeroRunMs: number
  /** How many steps of the display the slots' sum may differ from the registers. */
  readonly toleranceSteps: bigint
  /** Rules that are heard without holding the day. */
  readonly notes: readonly CurveRuleName[]
}

export const builtInCurvePolicy: CurvePolicy = {
  version: 'built-in/1',
  channels: ['forward_active_energy', 'reverse_active_energy'],
  closeAfterMs: dayMs,
  longestFillMs: 3 * dayMs,
  historyDays: 35,
  similarDays: 8,
  leastSimilarDays: 2,
  // Three phases of 220 V with 100 A: 66 kW, the largest directly connected meter.
  limitE4PerHour: 66_0000n,
  zeroRunMs: 6 * hourMs,
  toleranceSteps: 2n,
  notes: ['missing_intervals', 'zero_run'],
}
