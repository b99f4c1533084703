import { reviseTimeline, type Segment, stretchEnd } from '../../domain/timeline.js'
import type { Instant } from '../../domain/time.js'

/**
 * A timeline without what a change put at an instant: what holds until then goes on, up to where the next change took over. Of what is
 * stated of the time before nothing is taken from older revisions, which may say what was corrected since.
 * @returns null where nothing begins or ends at the instant.
 */
export function undoStretch<V>(
  segments: readonly Segment<V>[],
  at: Instant,
  isSame: (a: V, b: V) => boolean,
): readonly Segment<V>[] | null {
  if (!cutsAt(segments, at)) return null
  const left = segments.find(({ to }) => to === at)
  const restored = reviseTimeline(segments, { from: at, to: stretchEnd(segments, at), value: left?.value ?? null })
  return joinedAt(restored, at, isSame)
}

/** Whether something begins or ends at an instant. */
export function cutsAt(segments: readonly Segment<unknown>[], at: Instant): boolean {
  return segments.some(({ from, to }) => from === at || to === at)
}

/** Stretches that meet at an instant or later and say the same are one. */
export function joinedFrom<V>(
  segments: readonly Segment<V>[],
  at: Instant,
  isSame: (a: V, b: V) => boolean,
): readonly Segment<V>[] {
  const borders = segments.map(({ from }) => from).filter((from) => from >= at)
  return borders.reduce((joined, border) => joinedAt(joined, border, isSame), segments)
}

/** Two stretches that meet there and say the same are one: else the registers of that instant would be asked for. */
function joinedAt<V>(
  segments: readonly Segment<V>[],
  at: Instant,
  isSame: (a: V, b: V) => boolean,
): readonly Segment<V>[] {
  const left = segments.find(({ to }) => to === at)
  const right = segments.find(({ from }) => from === at)
  if (left === undefined || right === undefined || !isSame(left.value, right.value)) return segments
  return segments.flatMap((one) => (one === left ? [{ ...left, to: right.to }] : one === right ? [] : [one]))
}
