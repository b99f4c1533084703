import type { Instant } from '../../domain/time.js'
import type { SegmentRow } from '../../storage/mdm/determinants.js'
import type { Evidence } from './evidence.js'
import type { DeterminantPolicy } from './policy.js'

/**
 * Why what is held throws doubt on a segment; null where it does not. Of two reads in reversed order nobody can say which is wrong, so
 * neither the higher one nor the difference over it is billed (reliability, story 5). Several values for a key next to one of the ends
 * are what a meter leaves whose clock is days off: then the end's own value may be another day's.
 */
export function contradictionOf(
  { meter, startAt, endAt }: SegmentRow,
  { contradictionMs }: DeterminantPolicy,
  doubts: Evidence['doubts'],
): string | null {
  const held = meter === null ? [] : (doubts.get(meter.meterId) ?? [])
  for (const { readAt, rules } of held) {
    if (rules.includes('decrease') && readAt > startAt && readAt < endAt + contradictionMs)
      return `a lower value at ${isoText(readAt)} contradicts what is accepted`
    const isNear = (end: Instant) => Math.abs(readAt - end) < contradictionMs
    if (rules.includes('disputed') && (isNear(startAt) || isNear(endAt)))
      return `several values at ${isoText(readAt)}, next to an end of ${isoText(startAt)} to ${isoText(endAt)}`
  }
  return null
}

function isoText(instant: Instant): string {
  return new Date(instant).toISOString()
}
