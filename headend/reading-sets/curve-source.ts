import type { Curve } from '../../domain/quantities.js'
import type { MeterId } from '../../domain/reading.js'
import { minuteMs, type Instant } from '../../domain/time.js'
import type { CollectedInterval, Evidence } from '../../storage/headend/collected-values.js'

/** How a source of curves dates its points. Declared for every source, never guessed. */
export interface CurveSource {
  readonly slotMs: number
  /** Which end of its slot a stamp names. A Chinese load record stamped 00:15 closes [00:00, 00:15). */
  readonly stamp: 'start' | 'end'
}

/** Load records of DL/T 645 meters at their usual interval. */
export const quarterHourRecords: CurveSource = { slotMs: 15 * minuteMs, stamp: 'end' }

/** The hourly freeze (0504) holds the registers of the hour's end. */
export const hourlyFreezes: CurveSource = { slotMs: 60 * minuteMs, stamp: 'end' }

/** The slot [start, end) of a stamp; null for a stamp off the source's grid, which counts from local midnight. */
export function slotOf(
  { slotMs, stamp }: CurveSource,
  at: Instant,
): { readonly start: Instant; readonly end: Instant } | null {
  if (at % slotMs !== 0) return null
  return stamp === 'end' ? { start: at - slotMs, end: at } : { start: at, end: at + slotMs }
}

/** The stamp under which a slot is asked for. */
export function stampOf({ slotMs, stamp }: CurveSource, slotStart: Instant): Instant {
  return stamp === 'end' ? slotStart + slotMs : slotStart
}

/** A point of a curve under its slot; null off the grid. */
export function toInterval(
  source: CurveSource,
  meterId: MeterId,
  curve: Curve,
  point: { readonly stamp: Instant; readonly valuesE4: readonly (bigint | null)[] },
  evidence: Evidence,
): CollectedInterval | null {
  const slot = slotOf(source, point.stamp)
  if (slot === null) return null
  return {
    kind: 'interval',
    meterId,
    curve,
    slotStart: slot.start,
    slotEnd: slot.end,
    valuesE4: point.valuesE4,
    evidence,
  }
}
