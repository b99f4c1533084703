import { zero } from '../../../domain/rational.js'
import type { TariffVersion } from '../../tariffs/components/tariff-schema.js'
import type { Span } from './local-time.js'
import type { Parcel, Quantity } from './parcels.js'
import type { SlotDays } from './slot-days.js'
import { slotParcels } from './slot-parcels.js'

/** A quantity that takes losses, and those of its parcels that bear them. */
export interface Bearing {
  readonly quantity: Quantity
  readonly parcels: readonly Parcel[]
}

/**
 * All parcels bear a loss by their energy, or only those of the residual slot: its registers, the intervals in its time. Registers of
 * other slots alone leave it at zero, and it bears the loss. What is not known by slot, reactive energy for one, bears it as a whole.
 */
export function bearingOf(
  name: string,
  quantity: Quantity,
  { lossShare, straddling }: TariffVersion,
  slotDays: readonly SlotDays[],
  span: Span,
): Bearing {
  const whole = { quantity, parcels: quantity.parcels }
  const days = slotDays.find(({ set }) => set.residual !== undefined)
  const residual = days?.set.residual
  if (lossShare === 'proportional' || days === undefined || residual === undefined) return whole
  if (quantity.kind === 'intervals') {
    const placed = slotParcels(name, quantity, quantity.parcels, span, days, straddling)
    const split = placed.map((parcel) => ({ parcel: { ...parcel, slot: null }, bears: parcel.slot === residual }))
    const parcels = split.filter(({ bears }) => bears).map(({ parcel }) => parcel)
    return parcels.length === 0
      ? whole
      : { quantity: { ...quantity, parcels: split.map(({ parcel }) => parcel) }, parcels }
  }
  if (!quantity.parcels.some(({ slot }) => days.set.slots.some((known) => known.name === slot))) return whole
  const own = quantity.parcels.filter(({ slot }) => slot === residual)
  if (own.length > 0) return { quantity, parcels: own }
  const empty = { ...span, slot: residual, value: zero }
  return { quantity: { ...quantity, parcels: [...quantity.parcels, empty] }, parcels: [empty] }
}
