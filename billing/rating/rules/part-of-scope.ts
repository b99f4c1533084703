import { multiply, sum } from '../../../domain/rational.js'
import type { Frame } from '../context.js'
import { refuse } from '../refusal.js'
import type { ScopeInstance } from '../scope.js'
import { shareByDays } from '../share-by-days.js'
import { overlap, type Span } from '../usage/local-time.js'
import type { Parcel } from '../usage/parcels.js'
import type { PricedUsage, SlotQuantity } from './slot-quantities.js'

function cutTo(parcel: Parcel, span: Span, { context: { calendar } }: Frame): Parcel {
  const shared = overlap(parcel, span)
  if (shared === null || (shared.from === parcel.from && shared.to === parcel.to)) return parcel
  return { ...parcel, ...shared, value: multiply(parcel.value, shareByDays(calendar, shared, parcel)) }
}

/** The usage of an instance; needs intervals or readings where the scope cuts a frame's time, unless the version shares by days. `no_reading_at_change`. */
export function partOfScope(usage: PricedUsage, { span }: ScopeInstance, frame: Frame): PricedUsage {
  if (span.from === frame.span.from && span.to === frame.span.to) return usage
  const whole = usage.parcels()
  if (whole === null)
    return refuse('no_reading_at_change', frame.path, 'a scope that ends inside the period needs a quantity by time')
  const touching = whole.filter((parcel) => overlap(parcel, span) !== null)
  const straddles = touching.find(({ from, to }) => from < span.from || to > span.to)
  if (straddles !== undefined && frame.segment.version.unread !== 'by_days')
    return refuse(
      'no_reading_at_change',
      frame.path,
      `no reading at ${new Date(span.from > straddles.from ? span.from : span.to).toISOString()}, where a scope ends`,
    )
  const parcels = touching.map((parcel) => cutTo(parcel, span, frame))
  const quantities = usage.quantities.map(
    ({ slot }): SlotQuantity => ({
      slot,
      quantity: sum(parcels.filter((parcel) => slot === null || parcel.slot === slot).map(({ value }) => value)),
    }),
  )
  return { ...usage, quantities, parcels: () => parcels }
}
