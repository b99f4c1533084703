import { multiply, rational, type Rational } from '../../../domain/rational.js'
import { type Calendar, minuteMs } from '../../../domain/time.js'
import { instantOf } from './local-time.js'
import type { Parcel } from './parcels.js'
import { exact } from './register-quantity.js'
import type { IntervalsEntry } from './usage-schema.js'

/** A parcel for each interval; mean power becomes energy (kWh, kvarh, kVAh). They follow each other in elapsed time, whatever clocks do. */
export function intervalParcels(calendar: Calendar, entry: IntervalsEntry, path: string): readonly Parcel[] {
  const { start, minutes, unit, values, multiplier } = entry.intervals
  const first = instantOf(calendar, start, `${path}.intervals.start`)
  const perHour = unit.endsWith('h') ? rational(1n) : rational(BigInt(minutes), 60n)
  const scale: Rational = multiply(multiply(exact(multiplier), exact(entry.factor ?? '1')), perHour)
  return values.map((value, index) => ({
    from: first + index * minutes * minuteMs,
    to: first + (index + 1) * minutes * minuteMs,
    slot: null,
    value: multiply(exact(value), scale),
  }))
}
