import { add, multiply, type Rational, rational, sum, zero } from '../../../domain/rational.js'
import { type Calendar, minuteMs } from '../../../domain/time.js'
import { instantOf, overlap, type Span } from '../usage/local-time.js'
import { type Parcel, total } from '../usage/parcels.js'
import { exact, registerQuantity } from '../usage/register-quantity.js'
import type { IntervalsEntry, QuantityEntry } from '../usage/usage-schema.js'

/** What the entries of one name come to in a period, before anything is rounded, corrected, lost or taken off. Slots beside a total do not count twice. */
export function meteredTotal(calendar: Calendar, entries: readonly QuantityEntry[], period: Span): Rational {
  const curves = entries.filter((entry) => 'intervals' in entry)
  const parcels = entries.flatMap((entry) => ('intervals' in entry ? [] : [parcelOf(calendar, entry, period)]))
  const wholes = parcels.filter(({ slot }) => slot === null)
  const beside = parcels.filter(
    ({ slot, from, to }) => slot !== null && !wholes.some((whole) => whole.from <= from && to <= whole.to),
  )
  return sum([...curves.map((entry) => curveTotal(calendar, entry, period)), total(wholes), total(beside)])
}

function parcelOf(calendar: Calendar, entry: Exclude<QuantityEntry, IntervalsEntry>, period: Span): Parcel {
  const path = `usage.periods.quantities.${entry.name}`
  const from = entry.from === undefined ? period.from : instantOf(calendar, entry.from, path)
  const to = entry.to === undefined ? period.to : instantOf(calendar, entry.to, path)
  if ('events' in entry) return { from, to, slot: null, value: sum(entry.events.map(exact)) }
  const value =
    'register' in entry
      ? registerQuantity(entry, 'none', path)
      : multiply(exact(entry.value), exact(entry.factor ?? '1'))
  return { from, to, slot: entry.slot ?? null, value }
}

/** Intervals that overlap the period; a mean power is multiplied by its hours. */
function curveTotal(calendar: Calendar, { name, intervals, factor = '1' }: IntervalsEntry, period: Span): Rational {
  const { start, minutes, unit, values, multiplier } = intervals
  const first = instantOf(calendar, start, `usage.quantities.${name}.intervals.start`)
  const stepMs = minutes * minuteMs
  const hours = unit.endsWith('h') ? rational(1n) : rational(BigInt(minutes), 60n)
  const counted = values.reduce((counts, value, index) => {
    const from = first + index * stepMs
    return overlap({ from, to: from + stepMs }, period) === null ? counts : add(counts, exact(value))
  }, zero)
  return [exact(multiplier), exact(factor), hours].reduce(multiply, counted)
}
