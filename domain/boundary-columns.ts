import type { MeterId } from './reading.js'
import { type Instant, minuteMs } from './time.js'

/** Registers are kept a quarter of an hour apart; curves with longer slots fill some of the places. */
export const boundaryMs = 15 * minuteMs

/** What is known of a register at a boundary. */
export const boundaryStates = {
  unknown: 0,
  /** By one undisputed piece of a curve. */
  piece: 1,
  /** By pieces that say different things: nobody may choose. */
  disputed: 2,
  /** No piece tells, but an accepted reading does. */
  reading: 3,
} as const

/** Instants `from + n × boundaryMs` for n below `boundaries`. */
export interface BoundaryGrid {
  readonly from: Instant
  readonly boundaries: number
  /** For each boundary, the ordinal of the local day whose slot ends there. */
  readonly dayOf: Uint16Array
  readonly days: number
}

/** Registers of one channel, kWh or kvarh e4: boundary n of meter m stands at `m × boundaries + n`. */
export interface ChannelColumns {
  readonly registersE4: BigInt64Array
  readonly states: Uint8Array
}

/** The curves of some meters over a grid; meters go by their place in `meterIds`. */
export interface BoundaryColumns {
  readonly grid: BoundaryGrid
  readonly meterIds: readonly MeterId[]
  readonly channels: readonly ChannelColumns[]
  /** Minutes of the slot that the piece at each boundary closes, at most 255; 0 without a piece. */
  readonly minutes: Uint8Array
  /** By meter and day: pieces that end at no boundary of the grid or of their own length, and further values of one boundary. */
  readonly offGrid: Uint16Array
  readonly secondValues: Uint16Array
}

export function createBoundaryColumns(
  grid: BoundaryGrid,
  meterIds: readonly MeterId[],
  channelCount: number,
): BoundaryColumns {
  const places = meterIds.length * grid.boundaries
  return {
    grid,
    meterIds,
    channels: Array.from({ length: channelCount }, () => ({
      registersE4: new BigInt64Array(places),
      states: new Uint8Array(places),
    })),
    minutes: new Uint8Array(places),
    offGrid: new Uint16Array(meterIds.length * grid.days),
    secondValues: new Uint16Array(meterIds.length * grid.days),
  }
}
