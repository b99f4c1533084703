import { minuteMs } from '../../domain/time.js'
import type { RatedDay } from '../../storage/mdm/determinant-quantities.js'
import type { DeterminantSegment } from './determinant.js'
import type { DeterminantPolicy } from './policy.js'
import type { DeterminantQuantity, QuantityLink } from './quantity.js'

/**
 * The interval days from which a period can be rated: one after the other without a gap over each segment, none of them held, and of their
 * slots no more estimated than the policy allows. The total is their sum times the multiplier; a link names the days that begin within it, all
 * of one revision and origin.
 */
export function intervalDaysQuantity(
  segments: readonly DeterminantSegment[],
  days: readonly RatedDay[],
  { filledSlotsPercent }: Pick<DeterminantPolicy, 'filledSlotsPercent'>,
): DeterminantQuantity {
  const links: QuantityLink[] = []
  let [totalE4, count, filled, slots, filledSlots] = [0n, 0, 0, 0, 0]
  let missing: string | null = null
  for (const segment of segments) {
    const own = days.filter((day) => day.meterId === segment.meterId && isWithin(day, segment))
    missing ??= gapIn(own, segment)
    for (const day of own) {
      totalE4 += day.sumE4 * BigInt(segment.multiplier)
      slots += day.slotCount
      filledSlots += day.filledSlots
      count++
      if (day.verdict === 'filled') filled++
    }
    links.push(...toLinks(own, segment.multiplier))
  }
  if (BigInt(100 * filledSlots) > filledSlotsPercent * BigInt(slots))
    missing ??= `${filledSlots} of ${slots} intervals are estimates, more than ${filledSlotsPercent} %`
  return {
    quantity: 'interval_days',
    unit: 'kWh',
    value: missing === null ? [totalE4, null, null, null, null] : { missing },
    moment: null,
    otherPointId: null,
    basis: `${count} days, ${filled} of them filled in part`,
    links,
  }
}

function isWithin(day: RatedDay, segment: DeterminantSegment): boolean {
  return day.dayStart < segment.endAt && endOf(day) > segment.startAt
}

function gapIn(days: readonly RatedDay[], segment: DeterminantSegment): string | null {
  let reached = segment.startAt
  for (const day of days) {
    if (day.dayStart > reached) return `no interval day covers ${iso(reached)}`
    if (day.verdict === 'held') return `the interval day of ${iso(day.dayStart)} is held`
    reached = endOf(day)
  }
  return reached >= segment.endAt ? null : `no interval day covers ${iso(reached)}`
}

function toLinks(days: readonly RatedDay[], multiplier: number): readonly QuantityLink[] {
  const links: QuantityLink[] = []
  for (const link of days.map((day) => toLink(day, multiplier))) {
    const last = links.at(-1)
    const goesOn =
      last?.endRead === link.startRead &&
      last.startRevision === link.startRevision &&
      last.startOrigin === link.startOrigin
    if (goesOn) links[links.length - 1] = { ...last, endRead: link.endRead }
    else links.push(link)
  }
  return links
}

function toLink(day: RatedDay, multiplier: number): QuantityLink {
  const origin = day.verdict === 'filled' ? 'estimated' : day.verdict === 'held' ? 'held' : 'read'
  return {
    meterId: day.meterId,
    multiplier,
    startRead: day.dayStart,
    endRead: endOf(day),
    startRevision: day.revision,
    endRevision: day.revision,
    startOrigin: origin,
    endOrigin: origin,
  }
}

function endOf({ dayStart, slotMinutes, slotCount }: RatedDay): number {
  return dayStart + slotMinutes * slotCount * minuteMs
}

function iso(instant: number): string {
  return new Date(instant).toISOString()
}
