import { type Instant, isoText } from '../../domain/time.js'
import type { SegmentRow } from '../../storage/mdm/freeze-segments.js'
import type { StandingMark } from '../../storage/mdm/freeze-evidence.js'
import { type Evidence, isNote } from './evidence.js'
import type { DeterminantPolicy } from './policy.js'

/** So many values beyond the limit are no lone errors any more: the meter itself says them. */
const spikesInARow = 3

/**
 * Why what validation said of other keys throws doubt on a segment; null where it does not.
 * - Of two reads in reversed order nobody can say which is wrong, so neither the higher one nor the difference over it is billed
 *   (reliability, story 5).
 * - Of a register that comes in another unit shortly after the end nobody can say either which of the units is right: one that turned over
 *   while it came in a smaller one is found out when the old unit comes back (story 10).
 * - Several values for a key next to one of the ends are what a meter leaves whose clock is days off: then the end's own value may be
 *   another day's. That goes for what the meter before it left as well: who collects from both has one clock.
 * - A meter that once answered for another one may have gone on doing so (story 16).
 * - What no connection carries in a day becomes possible when one waits long enough. Values that were held as spikes and go on all the same
 *   are not billed because time has passed. The same goes for a register taken for usage or in another unit, with which usage jumps once
 *   enough days have passed.
 * - A register that turned over on a day on which usage jumped has been assumed to turn over (story 6); so has one whose turnover was held
 *   the day before and is nearer to zero now.
 */
export function contradictionOf(
  { meter, startAt, endAt, start, end, meterBefore }: SegmentRow,
  { contradictionMs }: DeterminantPolicy,
  { doubts, jumps, turnovers }: Omit<Evidence, 'readings'>,
): string | null {
  if (meter === null) return null
  const held = doubts.get(meter.meterId) ?? []
  // A live read that serves the end comes some minutes after it.
  const lastReadAt = end?.readAt ?? endAt
  for (const { readAt, rules } of held) {
    if (rules.includes('decrease') && readAt > startAt && readAt < endAt + contradictionMs)
      return `a lower value at ${isoText(readAt)} contradicts what is accepted`
    if (rules.includes('swapped_pair') && readAt > startAt - contradictionMs && readAt < endAt + contradictionMs)
      return `a value at ${isoText(readAt)} belongs to another meter that has changed places with this one`
    if (isLeapInUnits(rules) && readAt > lastReadAt && readAt < endAt + contradictionMs)
      return `the value at ${isoText(readAt)} comes in another unit than those before it`
  }
  const isNear = (readAt: Instant, instant: Instant) => Math.abs(readAt - instant) < contradictionMs
  const heldBefore = meterBefore === undefined ? [] : (doubts.get(meterBefore.meterId) ?? [])
  const disputed =
    held.find(
      ({ readAt, rules }) => rules.includes('disputed') && (isNear(readAt, startAt) || isNear(readAt, endAt)),
    ) ?? heldBefore.find(({ readAt, rules }) => rules.includes('disputed') && isNear(readAt, startAt))
  if (disputed !== undefined)
    return `several values at ${isoText(disputed.readAt)}, next to an end of ${isoText(startAt)} to ${isoText(endAt)}`
  const jumped = (jumps.get(meter.meterId) ?? []).filter(({ readAt }) => readAt <= lastReadAt)
  // A register that another one has taken over shortly before is no beginning, either.
  const spikes = held.filter(
    ({ readAt, rules }) => rules.includes('spike') && readAt > startAt - contradictionMs && readAt <= lastReadAt,
  )
  const first = spikes[0]
  const goesOn = jumped.some(({ readAt }) => first !== undefined && readAt > first.readAt)
  // Of a new meter nobody knows yet what would be a jump.
  if (first !== undefined && (isNote(start) || spikes.length >= spikesInARow || goesOn))
    return `a value at ${isoText(first.readAt)} was beyond the limit, and the register went on from it`
  const isShortlyBefore = (readAt: Instant, one: Held) => one.readAt < readAt && one.readAt > readAt - contradictionMs
  const forgotten = jumped.find(
    ({ readAt }) => readAt >= startAt && held.some((one) => isLeap(one.rules) && isShortlyBefore(readAt, one)),
  )
  if (forgotten !== undefined) return `usage jumped to ${isoText(forgotten.readAt)}, where it was held shortly before`
  const turned = (turnovers.get(meter.meterId) ?? []).filter(({ readAt }) => readAt >= startAt && readAt <= lastReadAt)
  const assumed = turned.find(({ readAt }) => jumped.some((one) => one.readAt === readAt))
  if (assumed !== undefined) return `a register turned over at ${isoText(assumed.readAt)} and usage jumped with it`
  const again = turned.find(({ readAt }) =>
    held.some((one) => isHeldTurnover(one.rules) && isShortlyBefore(readAt, one)),
  )
  return again === undefined ? null : `the turnover at ${isoText(again.readAt)} was held shortly before`
}

type Held = Pick<StandingMark, 'readAt' | 'rules'>

function isLeap(rules: readonly string[]): boolean {
  return rules.includes('near_absolute') || rules.includes('unit_slip')
}

/** One that turned over may well stand where the old one would in another unit. */
function isLeapInUnits(rules: readonly string[]): boolean {
  return rules.includes('unit_slip') && !rules.includes('rollover')
}

/** Where several values were claimed, the turnover is not what was doubted. */
function isHeldTurnover(rules: readonly string[]): boolean {
  return rules.includes('rollover') && !rules.includes('disputed')
}
