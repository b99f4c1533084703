import { multiply } from '../../../domain/rational.js'
import { refuse } from '../refusal.js'
import type { Span } from './local-time.js'
import type { Quantity } from './parcels.js'
import { exact } from './register-quantity.js'
import type { SlotDays } from './slot-days.js'
import { slotParcels } from './slot-parcels.js'
import type { UsagePeriod } from './usage-schema.js'

/** Quantities multiplied by the factors that a test of the meter gave, in one slot or in all. */
export function withFactors(
  quantities: ReadonlyMap<string, Quantity>,
  factors: UsagePeriod['correctionFactors'],
  span: Span,
  slotDays: readonly SlotDays[],
  straddling: 'refuse' | 'by_time',
  path: string,
): ReadonlyMap<string, Quantity> {
  if (factors.length === 0) return quantities
  const corrected = new Map(quantities)
  for (const [index, { of, slot, factor }] of factors.entries()) {
    const where = `${path}.${index}`
    const quantity = corrected.get(of) ?? refuse('quantity_unknown', where, `${of} is not given`)
    const days = slotDays.find(({ set }) => set.slots.some(({ name }) => name === slot))
    const parcels =
      slot === undefined || days === undefined
        ? quantity.parcels
        : slotParcels(of, quantity, quantity.parcels, span, days, straddling)
    if (slot !== undefined && days === undefined && !parcels.some((parcel) => parcel.slot === slot))
      return refuse('time_without_slot', `${where}.slot`, `no calendar and no register of ${of} knows slot ${slot}`)
    const isMeant = (parcelSlot: string | null) => slot === undefined || parcelSlot === slot
    corrected.set(of, {
      ...quantity,
      parcels: parcels.map((parcel) => ({
        ...parcel,
        slot: quantity.kind === 'intervals' ? null : parcel.slot,
        value: isMeant(parcel.slot) ? multiply(parcel.value, exact(factor)) : parcel.value,
      })),
    })
  }
  return corrected
}
