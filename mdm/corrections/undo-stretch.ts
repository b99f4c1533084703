import { reviseTimeline, type Segment, segmentAt, stretchEnd } from '../../domain/timeline.js'
import type { Instant } from '../../domain/time.js'

/**
 * A timeline without what a change put at an instant: what was stated of that time before the change holds again, up to where a later
 * change took over, and joins what comes before it. `revisions` are all of them in order, their segments in order of time.
 * @returns null where nothing begins or ends at the instant in the last revision.
 */
export function undoStretch<V>(
  revisions: readonly (readonly Segment<V>[])[],
  at: Instant,
  isSame: (a: V, b: V) => boolean,
): readonly Segment<V>[] | null {
  const last = revisions.at(-1)
  if (last === undefined || !cutsAt(last, at)) return null
  const before = revisions.findLast((segments) => !cutsAt(segments, at))
  const former = before === undefined ? null : segmentAt(before, at)
  const to = earlier(stretchEnd(last, at), former?.to ?? null)
  const restored = reviseTimeline(last, { from: at, to, value: former?.value ?? null })
  return joinedAt(restored, at, isSame)
}

function cutsAt(segments: readonly Segment<unknown>[], at: Instant): boolean {
  return segments.some(({ from, to }) => from === at || to === at)
}

function earlier(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
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
