import { compare, formatRational, isZero, type Rational, subtract, zero } from '../../../domain/rational.js'
import type { Note } from '../notes.js'
import { refuse } from '../refusal.js'
import { overlap, type Span } from './local-time.js'
import { type Parcel, type Quantity, total } from './parcels.js'

/**
 * Registers by slot and a total beside them: what the slots leave of the total goes to the residual slot, and the total is then their sum.
 * Without a residual slot they have to be equal. A total that no slots stand beside (a meter of a single rate, before or after one that
 * counts slots) is of the residual slot as well, or of none where the version has no such slot.
 * Source: billing-rules 7 and 17 (difference to the version's residual slot).
 */
export function toResidualSlot(name: string, quantity: Quantity, residual: string | null, note?: Note): Quantity {
  const isMixed =
    quantity.parcels.some(({ slot }) => slot === null) && quantity.parcels.some(({ slot }) => slot !== null)
  if (quantity.kind !== 'registers' || !isMixed) return quantity
  const parcels = togetherInTime(quantity.parcels).flatMap((together) =>
    reconciled(name, quantity, together, residual, note),
  )
  return { ...quantity, parcels }
}

/** Parcels that overlap each other, directly or by others between them, in order of time. */
function togetherInTime(parcels: readonly Parcel[]): readonly (readonly Parcel[])[] {
  const groups: { span: Span; members: Parcel[] }[] = []
  for (const parcel of [...parcels].sort((a, b) => a.from - b.from)) {
    const last = groups.at(-1)
    if (last === undefined || overlap(last.span, parcel) === null) groups.push({ span: parcel, members: [parcel] })
    else {
      last.members.push(parcel)
      last.span = { from: last.span.from, to: Math.max(last.span.to, parcel.to) }
    }
  }
  return groups.map(({ members }) => members)
}

function reconciled(
  name: string,
  { path }: Quantity,
  together: readonly Parcel[],
  residual: string | null,
  note?: Note,
): readonly Parcel[] {
  const wholes = together.filter(({ slot }) => slot === null)
  const labelled = together.filter(({ slot }) => slot !== null)
  if (wholes.length === 0) return labelled
  if (labelled.length === 0) return residual === null ? wholes : wholes.map((whole) => ({ ...whole, slot: residual }))
  const span = spanOf(wholes)
  const outside = labelled.find(({ from, to }) => from < span.from || to > span.to)
  if (outside !== undefined)
    return refuse(
      'quantity_given_twice',
      path,
      `the slots of ${name} were counted at other times than its total beside them`,
    )
  const rest = restOf(name, path, { wholes, labelled }, residual)
  note?.(
    'residual_slot',
    {
      name,
      total: formatRational(total(wholes)),
      slots: formatRational(total(labelled)),
      ...(residual === null ? {} : { slot: residual }),
    },
    rest,
  )
  return isZero(rest) ? labelled : [...labelled, { ...span, slot: residual, value: rest }]
}

function restOf(
  name: string,
  path: string,
  { wholes, labelled }: { readonly wholes: readonly Parcel[]; readonly labelled: readonly Parcel[] },
  residual: string | null,
): Rational {
  const rest = subtract(total(wholes), total(labelled))
  if (residual === null && !isZero(rest))
    return refuse(
      'register_without_slot',
      path,
      `the slots of ${name} leave ${formatRational(rest)} of its total, and no calendar says where it goes`,
    )
  // The residual slot may give back what its own register counted, no more.
  const given = total(labelled.filter(({ slot }) => slot === residual))
  if (compare(rest, subtract(zero, given)) < 0)
    return refuse(
      'negative_residual',
      path,
      `the slots of ${name} exceed its total by ${formatRational(subtract(zero, rest))}`,
    )
  return rest
}

function spanOf(parcels: readonly Parcel[]): Span {
  return { from: Math.min(...parcels.map(({ from }) => from)), to: Math.max(...parcels.map(({ to }) => to)) }
}
