import { minuteMs } from './time.js'

export type MeterId = bigint
export type LineId = bigint

/** The registers a meter shows for one quantity at one moment: kWh (or kvarh) at scale e4, before the multiplier. */
export interface RegisterSet {
  readonly totalE4: bigint
  /** tou1…tou4 in the meter's own numbering; null where the meter has no such register. */
  readonly touE4: readonly [bigint | null, bigint | null, bigint | null, bigint | null]
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
  /** Entered by a person in the exception queue, with another person's approval; the claims stay as they came. */
  corrected: 7,
  /** From a file that a person handed in: another system's readings, paper, a customer's photo (`readings import`). */
  imported: 8,
} as const

/** A live read still serves a due midnight when it came this long after it, the end included. */
export const liveToleranceMs = 15 * minuteMs

export type ReadingSource = keyof typeof readingSources
