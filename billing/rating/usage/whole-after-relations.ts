import {
  add,
  compare,
  divide,
  isZero,
  multiply,
  type Rational,
  smallest,
  subtract,
  zero,
} from '../../../domain/rational.js'
import type { Note } from '../notes.js'
import { noteWhole } from './note-quantities.js'
import { type Parcel, type Quantity, total } from './parcels.js'
import type { Taking } from './relations.js'
import { roundedTogether, toWholeTotal, toWholeUnits, whole } from './whole-units.js'

type Quantities = ReadonlyMap<string, Quantity>

/**
 * Whole units once losses and relations are settled. A parent is rounded as it was metered, children included, and gives them whole units
 * of it, so that together they never come to more (or less) than was metered. Agreed children (定量, 定比) are whole in all, sub-meters
 * slot by slot, as they are charged.
 */
export function wholeAfterRelations(quantities: Quantities, takings: readonly Taking[], note?: Note): Quantities {
  const agreed = new Set(takings.filter(({ isAgreed }) => isAgreed).map(({ child }) => child))
  const result = new Map<string, Quantity>()
  for (const [name, quantity] of quantities)
    result.set(name, agreed.has(name) ? toWholeTotal(quantity) : toWholeUnits(quantity))
  for (const parent of new Set(takings.map((taking) => taking.parent))) {
    const quantity = quantities.get(parent)
    if (quantity?.kind !== 'registers') continue
    const ofParent = takings.filter((taking) => taking.parent === parent)
    const metered = { ...quantity, parcels: quantity.parcels.map((parcel) => together(parcel, ofParent)) }
    let left: readonly Parcel[] = toWholeUnits(metered).parcels
    for (const taking of ofParent) {
      const taken = wholeParts(taking, result.get(taking.child), left)
      left = left.map((parcel, index) => ({ ...parcel, value: subtract(parcel.value, taken[index] ?? zero) }))
      if (taking.isAgreed) result.set(taking.child, childOf(quantities.get(taking.child), left, taken))
    }
    result.set(parent, { ...quantity, parcels: left })
  }
  if (note !== undefined) noteWhole(quantities, result, note)
  return result
}

function keyOf({ from, to, slot }: Parcel): string {
  return `${from} ${to} ${slot ?? ''}`
}

function partAt(parcels: readonly Parcel[], parcel: Parcel): Rational {
  return total(parcels.filter((part) => keyOf(part) === keyOf(parcel)))
}

function together(parcel: Parcel, takings: readonly Taking[]): Parcel {
  return { ...parcel, value: takings.reduce((sum, { parcels }) => add(sum, partAt(parcels, parcel)), parcel.value) }
}

/** What a child takes of each parcel of its parent, in whole units: its own where it was read alike, else shares that add up to it. */
function wholeParts({ parcels }: Taking, child: Quantity | undefined, left: readonly Parcel[]): readonly Rational[] {
  const exact = left.map((parcel): Parcel => ({ ...parcel, value: partAt(parcels, parcel) }))
  const own = child?.parcels ?? []
  const keys = new Set(left.map(keyOf))
  if (own.length > 0 && own.every((parcel) => keys.has(keyOf(parcel))))
    return bounded(
      left.map((parcel) => partAt(own, parcel)),
      left,
    )
  const [asked, taken] = [total(own), total(exact)]
  const scaled = isZero(taken)
    ? exact
    : exact.map((part) => ({ ...part, value: multiply(part.value, divide(asked, taken)) }))
  return bounded(
    roundedTogether(scaled, whole).map(({ value }) => value),
    left,
  )
}

/** No more than each parcel holds; what does not fit is taken where there is room. */
function bounded(parts: readonly Rational[], left: readonly Parcel[]): readonly Rational[] {
  const fitting = parts.map((part, index) => smallest(part, left[index]?.value ?? zero))
  let over = parts.reduce((sum, part, index) => add(sum, subtract(part, fitting[index] ?? zero)), zero)
  return fitting.map((part, index) => {
    const room = subtract(left[index]?.value ?? zero, part)
    const more = compare(room, zero) > 0 ? smallest(over, room) : zero
    over = subtract(over, more)
    return add(part, more)
  })
}

function childOf(child: Quantity | undefined, left: readonly Parcel[], taken: readonly Rational[]): Quantity {
  const parcels = left.map((parcel, index): Parcel => ({ ...parcel, value: taken[index] ?? zero }))
  return { kind: 'registers', path: child?.path ?? '', parcels: parcels.filter(({ value }) => !isZero(value)) }
}
