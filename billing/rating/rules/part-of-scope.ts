import { sum } from '../../../domain/rational.js'
import type { Frame } from '../context.js'
import { refuse } from '../refusal.js'
import type { ScopeInstance } from '../scope.js'
import { overlap } from '../usage/local-time.js'
import type { PricedUsage, SlotQuantity } from './slot-quantities.js'

/** The usage of an instance; needs intervals or readings where the scope cuts a frame's time. `no_reading_at_change`. */
export function partOfScope(usage: PricedUsage, { span }: ScopeInstance, frame: Frame): PricedUsage {
  if (span.from === frame.span.from && span.to === frame.span.to) return usage
  const whole = usage.parcels()
  if (whole === null)
    return refuse('no_reading_at_change', frame.path, 'a scope that ends inside the period needs a quantity by time')
  const parcels = whole.filter((parcel) => overlap(parcel, span) !== null)
  const straddles = parcels.find(({ from, to }) => from < span.from || to > span.to)
  if (straddles !== undefined)
    return refuse(
      'no_reading_at_change',
      frame.path,
      `no reading at ${new Date(span.from > straddles.from ? span.from : span.to).toISOString()}, where a scope ends`,
    )
  const quantities = usage.quantities.map(
    ({ slot }): SlotQuantity => ({
      slot,
      quantity: sum(parcels.filter((parcel) => slot === null || parcel.slot === slot).map(({ value }) => value)),
    }),
  )
  return { ...usage, quantities, parcels: () => parcels }
}
