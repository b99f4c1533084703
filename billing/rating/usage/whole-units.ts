import { add, type Rational, round, type Rounding, subtract, zero } from '../../../domain/rational.js'
import type { Parcel, Quantity } from './parcels.js'

export const whole: Rounding = { mode: 'half_up', decimals: 0 }

/** An agreed quantity that was taken off several slots: whole in all, 25 kWh of three slots are 8 + 9 + 8. */
export function toWholeTotal(quantity: Quantity): Quantity {
  return quantity.kind === 'registers' ? { ...quantity, parcels: roundedTogether(quantity.parcels, whole) } : quantity
}

/** Half away from zero to whole units. The parcels of one slot share one rounding: the last takes the remainder. */
export function toWholeUnits(quantity: Quantity): Quantity {
  if (quantity.kind !== 'registers') return quantity
  const slots = [...new Set(quantity.parcels.map(({ slot }) => slot))]
  return {
    ...quantity,
    parcels: slots.flatMap((slot) =>
      roundedTogether(
        quantity.parcels.filter((parcel) => parcel.slot === slot),
        whole,
      ),
    ),
  }
}

/** Each parcel takes what the rounded running sum has gained. */
export function roundedTogether(parcels: readonly Parcel[], rounding: Rounding): readonly Parcel[] {
  let [exact, rounded]: [Rational, Rational] = [zero, zero]
  return parcels.map((parcel) => {
    exact = add(exact, parcel.value)
    const value = subtract(round(exact, rounding), rounded)
    rounded = add(rounded, value)
    return { ...parcel, value }
  })
}
