import {
  compare,
  divide,
  formatRational,
  isZero,
  multiply,
  type Rational,
  round,
  smallest,
  subtract,
  zero,
} from '../../../domain/rational.js'
import type { Note } from '../notes.js'
import { refuse } from '../refusal.js'
import { noteRelation } from './note-quantities.js'
import { type Parcel, type Quantity, total } from './parcels.js'
import { exact } from './register-quantity.js'
import type { Relation } from './usage-schema.js'

const order = ['fixed', 'ratio', 'sub_meter'] as const

/** What a child takes off its parent, parcel by parcel of the parent. */
export interface Taking {
  readonly parent: string
  /** Quantity that the child is charged by. */
  readonly child: string
  /** 定量, 定比: the child is known by this alone. */
  readonly isAgreed: boolean
  readonly parcels: readonly Parcel[]
}

export interface Related {
  readonly quantities: ReadonlyMap<string, Quantity>
  readonly takings: readonly Taking[]
}

/**
 * What sub-meters and agreements take off a parent: fixed quantities first, then shares of what those leave, then sub-meters. A parent that
 * does not hold its children is refused, never billed below zero.
 * Source: billing-rules 5.4.
 */
export function applyRelations(
  quantities: ReadonlyMap<string, Quantity>,
  relations: readonly Relation[],
  path: string,
  note?: Note,
): Related {
  if (relations.length === 0) return { quantities, takings: [] }
  const takings: Taking[] = []
  const resolved = new Map(quantities)
  for (const parent of new Set(relations.map(({ of }) => of))) {
    const ofParent = relations
      .map((relation, index) => ({ relation, path: `${path}.${index}` }))
      .filter(({ relation }) => relation.of === parent)
    let shared: Rational | null = null
    for (const kind of order) {
      for (const { relation, path: where } of ofParent.filter((one) => one.relation.kind === kind)) {
        const quantity = resolved.get(parent) ?? refuse('quantity_unknown', where, `${parent} is not given`)
        if (kind === 'ratio') shared ??= wholeOf(quantity)
        const taken = take(quantity, childOf(relation, resolved, shared ?? zero, where), relation, where)
        resolved.set(parent, taken.parent)
        noteRelation(relation, { before: quantity, after: taken.parent, taken: taken.child }, note)
        const isAgreed = kind !== 'sub_meter'
        if (isAgreed) resolved.set(relation.name, taken.child)
        const child = isAgreed ? relation.name : (relation.quantity ?? relation.name)
        takings.push({ parent, child, isAgreed, parcels: taken.child.parcels })
      }
    }
  }
  return { quantities: resolved, takings }
}

interface Child {
  readonly value: Rational
  readonly parcels: readonly Parcel[]
}

function childOf(relation: Relation, quantities: ReadonlyMap<string, Quantity>, shared: Rational, path: string): Child {
  if (relation.kind === 'sub_meter') {
    const quantity = quantities.get(relation.quantity ?? relation.name)
    if (quantity === undefined)
      return refuse(
        'relation_incomplete',
        path,
        `sub-meter ${relation.name} has no quantity ${relation.quantity ?? relation.name}`,
      )
    return { value: wholeOf(quantity), parcels: quantity.parcels }
  }
  if (relation.value === undefined) return refuse('relation_incomplete', path, `${relation.name} has no value`)
  const value = relation.kind === 'fixed' ? exact(relation.value) : multiply(shared, exact(relation.value))
  return { value: relation.rounding === undefined ? value : round(value, relation.rounding), parcels: [] }
}

interface Taken {
  readonly parent: Quantity
  readonly child: Quantity
}

function take(parent: Quantity, child: Child, relation: Relation, path: string): Taken {
  const left = subtract(wholeOf(parent), child.value)
  if (compare(left, zero) < 0)
    return refuse(
      'parent_below_children',
      path,
      `${relation.of} is ${formatRational(subtract(zero, left))} less than what ${relation.name} takes`,
    )
  const matched = matchedParcels(parent, child)
  const takes = matched ?? takenFrom(parent.parcels, child.value, relation, path)
  const takenParcels = parent.parcels.map((parcel, index) => ({ ...parcel, value: takes[index] ?? zero }))
  return {
    parent: {
      ...parent,
      parcels: parent.parcels.map((parcel, index) => ({
        ...parcel,
        value: subtract(parcel.value, takes[index] ?? zero),
      })),
    },
    child: { kind: parent.kind, path, parcels: takenParcels.filter(({ value }) => !isZero(value)) },
  }
}

/** A child that is known by the very parcels of its parent (interval by interval, slot by slot) is taken off there; otherwise null. */
function matchedParcels(parent: Quantity, child: Child): readonly Rational[] | null {
  if (child.parcels.length === 0 || child.parcels.every(({ slot, from, to }) => slot === null && to - from > dayMs))
    return null
  const key = ({ from, to, slot }: Parcel) => `${from}|${to}|${slot ?? ''}`
  const values = new Map(child.parcels.map((parcel) => [key(parcel), parcel.value]))
  const keys = new Set(parent.parcels.map(key))
  return [...values.keys()].every((one) => keys.has(one))
    ? parent.parcels.map((parcel) => values.get(key(parcel)) ?? zero)
    : null
}

const dayMs = 86_400_000

function takenFrom(
  parcels: readonly Parcel[],
  value: Rational,
  { from, name }: Relation,
  path: string,
): readonly Rational[] {
  if (from === 'proportional') {
    const whole = total(parcels)
    return parcels.map((parcel) => (isZero(whole) ? zero : multiply(value, divide(parcel.value, whole))))
  }
  let left = value
  const takes = parcels.map(() => zero)
  for (const slot of from.slots) {
    for (const [index, parcel] of parcels.entries()) {
      if (parcel.slot !== slot) continue
      takes[index] = smallest(left, parcel.value)
      left = subtract(left, takes[index] ?? zero)
    }
  }
  if (!isZero(left))
    return refuse(
      'parent_below_children',
      path,
      `slots ${from.slots.join(', ')} hold ${formatRational(left)} less than what ${name} takes`,
    )
  return takes
}

/** All of a quantity whose slots and total are reconciled: no time is in two of its parcels of different kind. */
export function wholeOf({ parcels }: Quantity): Rational {
  return total(parcels)
}
