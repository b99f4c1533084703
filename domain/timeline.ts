import type { Instant } from './time.js'

/** A stretch [from, to) of a timeline; `to` null means until further notice. */
export interface Segment<V> {
  readonly from: Instant
  readonly to: Instant | null
  readonly value: V
}

/**
 * The whole next revision of a timeline: `change.value` holds over [from, to) whatever stood there before; a null value leaves a gap.
 * The result is in order of time. Segments of `current` may not overlap.
 */
export function reviseTimeline<V>(current: readonly Segment<V>[], change: Segment<V | null>): readonly Segment<V>[] {
  const { from, to, value } = change
  const kept = current.flatMap((segment) => [
    { ...segment, to: earlierEnd(segment.to, from) },
    ...(to === null ? [] : [{ ...segment, from: Math.max(segment.from, to) }]),
  ])
  const put = value === null ? [] : [{ from, to, value }]
  return [...kept, ...put].filter(isNotEmpty).sort((a, b) => a.from - b.from)
}

/** The segment that covers an instant. */
export function segmentAt<V>(segments: readonly Segment<V>[], at: Instant): Segment<V> | null {
  return segments.find((segment) => segment.from <= at && (segment.to === null || at < segment.to)) ?? null
}

/** When the one stretch of a timeline lies from which all was withdrawn: before everything that is ours. */
export const beforeEverything = { from: 0, to: 1 } as const

/** Where the stretch, or the gap, at an instant ends; null: it does not. */
export function stretchEnd(segments: readonly Segment<unknown>[], at: Instant): Instant | null {
  const current = segmentAt(segments, at)
  if (current !== null) return current.to
  const later = segments.map(({ from }) => from).filter((from) => from > at)
  return later.length === 0 ? null : Math.min(...later)
}

/** The first pair of segments that share an instant, in order of time. */
export function overlapIn<V>(segments: readonly Segment<V>[]): readonly [Segment<V>, Segment<V>] | null {
  const sorted = segments.toSorted((a, b) => a.from - b.from)
  for (const [index, later] of sorted.entries()) {
    const earlier = sorted[index - 1]
    if (earlier !== undefined && (earlier.to === null || earlier.to > later.from)) return [earlier, later]
  }
  return null
}

function isNotEmpty(segment: Segment<unknown>): boolean {
  return segment.to === null || segment.from < segment.to
}

function earlierEnd(a: Instant | null, b: Instant): Instant {
  return a === null ? b : Math.min(a, b)
}
