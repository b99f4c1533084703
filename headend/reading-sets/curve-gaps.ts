import type { Instant } from '../../domain/time.js'

/** Slots without a piece, one after the other: [start, end). */
export interface CurveGap {
  readonly start: Instant
  readonly end: Instant
}

/**
 * What is to be asked for of the slots that are missing: runs of at most `mostSlots`, the newest first, each as long as it can be
 * from its end backwards. Asked in this order, a broken-off backfill leaves the oldest slots open and is simply asked for again.
 */
export function gapsOf(missing: readonly Instant[], slotMs: number, mostSlots: number): readonly CurveGap[] {
  const gaps: CurveGap[] = []
  for (const start of missing.toSorted((left, right) => right - left)) {
    const last = gaps.at(-1)
    const joins = last !== undefined && last.start === start + slotMs && last.end - start <= mostSlots * slotMs
    if (joins) gaps[gaps.length - 1] = { start, end: last.end }
    else gaps.push({ start, end: start + slotMs })
  }
  return gaps
}

/** The slot starts of [start, end). */
export function slotsIn({ start, end }: CurveGap, slotMs: number): readonly Instant[] {
  return Array.from({ length: (end - start) / slotMs }, (_, index) => start + index * slotMs)
}
