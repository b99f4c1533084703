import { compare, isZero } from '../../../domain/rational.js'
import type { Calendar } from '../../../domain/time.js'
import type { Segment } from '../context.js'
import { refuse } from '../refusal.js'
import { instantOf, overlap, type Span } from './local-time.js'
import { isStock } from './quantities.js'
import { exact } from './register-quantity.js'
import type { QuantityEntry, UsagePeriod } from './usage-schema.js'

/**
 * Refuses what a register counted in a slot that the calendars know and never enter while it counted: the meter has other hours than the
 * tariff, or the register another slot. `slot_without_time`.
 */
export function refuseSlotsWithoutTime(
  calendar: Calendar,
  { quantities }: Pick<UsagePeriod, 'quantities'>,
  period: Span,
  segments: readonly Segment[],
  path: string,
): void {
  for (const [index, entry] of quantities.entries()) {
    if ('intervals' in entry || 'events' in entry || entry.slot === undefined || isStock(entry) || !hasCounted(entry))
      continue
    const { slot } = entry
    const where = `${path}.quantities.${index}`
    const from = entry.from === undefined ? period.from : instantOf(calendar, entry.from, `${where}.from`)
    const to = entry.to === undefined ? period.to : instantOf(calendar, entry.to, `${where}.to`)
    const known = calendarsOf(segments, { from, to }, slot)
    if (known.length > 0 && !known.some(({ days, shared }) => days.enters(slot, shared)))
      refuse(
        'slot_without_time',
        `${where}.slot`,
        `${entry.name} was counted in slot ${slot}, which calendar ${known.map(({ days }) => days.set.name).join(', ')} never enters from ${iso(from)} to ${iso(to)}: correct the slot of the register, or the hours of the meter`,
      )
  }
}

/** The calendars that know a slot, each with its part of the time. */
function calendarsOf(segments: readonly Segment[], span: Span, slot: string) {
  return segments.flatMap((segment) => {
    const shared = overlap(segment, span)
    if (shared === null) return []
    return [...segment.slotDays.values()]
      .filter(({ set }) => set.slots.some(({ name }) => name === slot))
      .map((days) => ({ days, shared }))
  })
}

function hasCounted(
  entry: Exclude<QuantityEntry, { readonly intervals: unknown } | { readonly events: unknown }>,
): boolean {
  if ('register' in entry) return compare(exact(entry.register.start), exact(entry.register.end)) !== 0
  return !isZero(exact(entry.value))
}

function iso(instant: number): string {
  return new Date(instant).toISOString()
}
