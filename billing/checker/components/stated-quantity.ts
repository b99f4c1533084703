import { child, fraction, isAbsent, items } from '../cursor.js'
import { type Rational, sum, zero } from '../rational.js'
import { calendarWith, slotsBy } from './calendar.js'
import { intervalsOf, isByInterval } from './intervals.js'
import { onTrust } from './on-trust.js'
import type { Situation } from './situation.js'

/**
 * A quantity of the whole period, in a slot or in all: of its intervals where it is given so, else as the bill states it. A slot of a quantity that is known by slot and not in it has seen no
 * use.
 */
export function quantityOf(at: Situation, name: string, slot: string | null): Rational {
  if (isByInterval(at, name)) return sumOfIntervals(at, name, slot)
  const { quantities } = at
  const named = items(quantities).filter((one) => child(one, 'name').value === name)
  const found = named.find((one) => (child(one, 'slot').value ?? null) === slot)
  if (found !== undefined) return fraction(child(found, 'value'))
  return slot !== null && named.some((one) => !isAbsent(child(one, 'slot'))) ? zero : onTrust('quantity_not_stated')
}

/** Intervals added up, in a slot or in all; one that lies in several slots is not followed. */
function sumOfIntervals(at: Situation, name: string, slot: string | null): Rational {
  const intervals = intervalsOf(at, name)
  if (slot === null) return sum(intervals.map(({ value }) => value))
  const calendar = calendarWith(at, slot) ?? onTrust('quantity_not_stated')
  const slotAt = slotsBy(calendar, at.usage)
  const placed = intervals.map((one) => ({ ...one, slot: slotAt(one.from, one.to) }))
  if (placed.some((one) => one.slot === undefined)) return onTrust('quantity_not_stated')
  return sum(placed.filter((one) => one.slot === slot).map(({ value }) => value))
}
