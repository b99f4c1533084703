import { hourMs, type Instant, minuteMs } from '../../domain/time.js'

/** When a kind of meter may be read, in milliseconds after its local midnight, half-open, and when each pass over what is open begins. */
export interface CollectionWindow {
  readonly opensMs: number
  readonly closesMs: number
  /** Starts of the passes, ascending, counted from midnight. Each pass tries each open due point once. */
  readonly passesMs: readonly number[]
}

/** The read ladder's remote steps as data. */
export interface CollectionPolicy {
  /** Freezes over a line: the due midnight first, then what earlier windows left, newest first. */
  readonly freezes: CollectionWindow
  /** Registers read live stand for the midnight that opens the window. */
  readonly live: CollectionWindow
  /** Concentrators deliver by themselves; a pass looks whether all is there. */
  readonly uploads: CollectionWindow
  /** Midnights older than this are not asked for again. */
  readonly backfillDays: number
  /** A midnight is given up after the meter said in so many windows that its memory does not hold it. */
  readonly noFreezeLimit: number
}

/** The last pass lies near the end of the window: what ailed a silent meter at midnight is often over by morning. */
export const defaultPolicy: CollectionPolicy = {
  freezes: {
    opensMs: 5 * minuteMs,
    closesMs: 6 * hourMs,
    passesMs: [5 * minuteMs, 15 * minuteMs, 45 * minuteMs, 5.5 * hourMs],
  },
  live: { opensMs: 0, closesMs: 15 * minuteMs, passesMs: [0, minuteMs, 3 * minuteMs, 8 * minuteMs] },
  uploads: {
    opensMs: 5 * minuteMs,
    closesMs: 6 * hourMs,
    passesMs: [30 * minuteMs, hourMs, 2 * hourMs, 4 * hourMs, 6 * hourMs],
  },
  backfillDays: 60,
  noFreezeLimit: 2,
}

/** Half-open, as instants. */
export interface WindowSpan {
  readonly start: Instant
  readonly end: Instant
}

export function spanOf(window: CollectionWindow, midnight: Instant): WindowSpan {
  return { start: midnight + window.opensMs, end: midnight + window.closesMs }
}
