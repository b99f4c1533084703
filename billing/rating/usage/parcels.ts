import { add, multiply, rational, type Rational, sum, zero } from '../../../domain/rational.js'
import type { Instant } from '../../../domain/time.js'
import { refuse } from '../refusal.js'
import { overlap, type Span } from './local-time.js'

/** So much of a quantity during [from, to), in one slot or in all of them together. */
export interface Parcel extends Span {
  readonly slot: string | null
  readonly value: Rational
}

/**
 * A named quantity of a period. `intervals`: parcels of one interval each, which a calendar puts into slots. `registers`: what counts up,
 * known between readings only. `stock`: a level such as demand, which is the highest of its parts and is never shared by time. `events`:
 * a parcel for each event, of which only the stretch of time is known.
 */
export interface Quantity {
  readonly kind: 'intervals' | 'registers' | 'stock' | 'events'
  readonly parcels: readonly Parcel[]
  readonly path: string
}

export type Unread = 'refuse' | 'by_days'

/** The parcels within a span; one that reaches beyond is refused, or shared by days. */
export function within(
  name: string,
  quantity: Quantity,
  span: Span,
  unread: Unread,
  share: (part: Span, whole: Span) => Rational,
): readonly Parcel[] {
  const isInside = ({ from, to }: Parcel) => from >= span.from && to <= span.to
  // Intervals are many, and nearly always all of them inside.
  if (quantity.parcels.every(isInside)) return quantity.parcels
  return quantity.parcels.flatMap((parcel) => {
    if (isInside(parcel)) return [parcel]
    const shared = overlap(parcel, span)
    if (shared === null) return []
    if (quantity.kind === 'intervals')
      return refuse('interval_straddles_change', quantity.path, `an interval of ${name} straddles ${at(span, parcel)}`)
    if (unread === 'refuse' || quantity.kind === 'events')
      return refuse(
        'no_reading_at_change',
        quantity.path,
        quantity.kind === 'events'
          ? `it is not said which events of ${name} were before ${at(span, parcel)}: give those before and after as two entries (from, to)`
          : `${name} has no reading at ${at(span, parcel)}: give one (from, to), or let the version say unread: by_days`,
      )
    return [{ ...shared, slot: parcel.slot, value: multiply(parcel.value, share(shared, parcel)) }]
  })
}

export function total(parcels: readonly Parcel[]): Rational {
  return sum(parcels.map(({ value }) => value))
}

/** Sums by slot, in the order in which slots first come. */
export function bySlot(parcels: readonly Parcel[]): ReadonlyMap<string | null, Rational> {
  const sums = new Map<string | null, Rational>()
  for (const { slot, value } of parcels) sums.set(slot, add(sums.get(slot) ?? zero, value))
  return sums
}

export function shareOf(part: Span, whole: Span): Rational {
  return rational(BigInt(part.to - part.from), BigInt(whole.to - whole.from))
}

function at(span: Span, parcel: Span): string {
  const cut: Instant = span.from > parcel.from ? span.from : span.to
  return new Date(cut).toISOString()
}
