import type { Quantity } from './quantities.js'
import { type Instant, minuteMs } from './time.js'

export type MeterId = bigint
export type LineId = bigint

/** The registers a meter shows for one quantity at one moment: kWh (or kvarh) at scale e4, before the multiplier. */
export interface RegisterSet {
  readonly totalE4: bigint
  /** tou1…tou4 in the meter's own numbering; null where the meter has no such register. */
  readonly touE4: readonly [bigint | null, bigint | null, bigint | null, bigint | null]
}

/** Where a stored value came from: the frame that carried it. Sequences are per line and never reused. */
export interface FrameReference {
  readonly lineId: LineId
  readonly lineSequence: bigint
  readonly receivedAt: Instant
}

/** How a reading reached us. The order is the order of trust when two would tie. */
export const readingSources = {
  /** The plan's own read of that due point. */
  scheduled: 1,
  /** Fetched later from the meter's freeze memory. */
  backfill: 2,
  on_demand: 3,
  /** A live register read inside the midnight window, for meters that keep no freezes. */
  live: 4,
  /** Read by a person from the meter's display, under a field order (补抄). */
  field: 5,
  /** Stop and start registers noted at a meter exchange. */
  exchange: 6,
} as const

/** A live read still serves a due midnight when it came this long after it, the end included. */
export const liveToleranceMs = 15 * minuteMs

export type ReadingSource = keyof typeof readingSources

/**
 * What one message says of one meter, quantity and instant. (meterId, quantity, readAt) is the natural key; it can be computed
 * from the message alone. Distinct values under one key are all kept and make the key disputed.
 */
export interface ReadingClaim {
  readonly meterId: MeterId
  readonly quantity: Quantity
  /** The midnight of a freeze whose stamp lies within tolerance, otherwise the moment of receipt. */
  readonly readAt: Instant
  readonly registers: RegisterSet
  readonly source: ReadingSource
  /** Null for values noted by a person. */
  readonly frame: FrameReference | null
}
