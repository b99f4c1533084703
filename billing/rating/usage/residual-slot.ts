import { compare, formatRational, isZero, subtract, zero } from '../../../domain/rational.js'
import { refuse } from '../refusal.js'
import { type Parcel, type Quantity, total } from './parcels.js'

/**
 * Registers by slot and a total beside them: what the slots leave of the total goes to the residual slot, and the total is then their sum.
 * Without a residual slot they have to be equal.
 * Source: billing-rules 7 and 17 (difference to the version's residual slot).
 */
export function toResidualSlot(name: string, quantity: Quantity, residual: string | null): Quantity {
  const wholes = quantity.parcels.filter(({ slot }) => slot === null)
  const labelled = quantity.parcels.filter(({ slot }) => slot !== null)
  if (quantity.kind !== 'registers' || wholes.length === 0 || labelled.length === 0) return quantity
  const rests = wholes.map((whole): Parcel => {
    const counted = labelled.filter(({ from, to }) => whole.from <= from && to <= whole.to)
    return { ...whole, slot: residual, value: subtract(whole.value, total(counted)) }
  })
  for (const { value } of rests) {
    if (residual === null && !isZero(value))
      return refuse(
        'register_without_slot',
        quantity.path,
        `the slots of ${name} leave ${formatRational(value)} of its total, and no calendar says where it goes`,
      )
    if (compare(value, negated(labelled, residual)) < 0)
      return refuse(
        'negative_residual',
        quantity.path,
        `the slots of ${name} exceed its total by ${formatRational(subtract(zero, value))}`,
      )
  }
  return { ...quantity, parcels: [...labelled, ...rests.filter(({ value }) => !isZero(value))] }
}

/** The residual slot may give back what its own register counted, no more. */
function negated(labelled: readonly Parcel[], residual: string | null) {
  return subtract(zero, total(labelled.filter(({ slot }) => slot === residual)))
}
