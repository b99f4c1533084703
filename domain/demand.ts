import type { Instant } from './time.js'

/** Greatest mean power of a demand period since the last reset. */
export interface Demand {
  /** kW or kvar at scale e4, before the multiplier. */
  readonly valueE4: bigint
  /** The minute in which it came about, by the meter's clock; null when there was none since the reset. */
  readonly occurredAt: Instant | null
}

/** Maximum demands of one quantity; null where the meter has no such register. */
export interface DemandSet {
  readonly total: Demand
  readonly tou: readonly [Demand | null, Demand | null, Demand | null, Demand | null]
}
