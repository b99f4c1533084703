import { unreachable } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import type { Relation, RelationPart } from '../relations/relation.js'
import type { DerivedAccount } from './derive-accounts.js'
import type { PointGroup } from './groups.js'
import type { DeterminantQuantity, QuantityLink } from './quantity.js'

/** Parts of relations as quantities, with the readings of whoever measured them. */
export function relationQuantities(
  group: PointGroup,
  point: bigint,
  parts: readonly RelationPart[],
  accounts: ReadonlyMap<bigint, readonly DerivedAccount[]>,
): readonly DeterminantQuantity[] {
  return parts.map(({ quantity, otherPointId, energies }) => {
    const relations = group.relations.filter(
      ({ childId, parentId }) =>
        (childId === point && parentId === otherPointId) || (childId === otherPointId && parentId === point),
    )
    return {
      quantity,
      unit: 'kWh',
      value: energies,
      moment: null,
      otherPointId,
      basis: relations.map(basisOf).join('; '),
      links: linksOfPoint(accounts.get(otherPointId) ?? []),
    }
  })
}

function basisOf({ rule, from, to }: Relation): string {
  const span = `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`
  switch (rule.kind) {
    case 'share':
      return `${formatScaled(rule.shareE6, 6)} of the parent, ${span}`
    case 'quantity':
      return `${formatScaled(rule.quantityE4, 4)} kWh a month, ${span}`
    case 'main_sub':
    case 'deducted':
      return span
    default:
      return unreachable(rule)
  }
}

function linksOfPoint(accounts: readonly DerivedAccount[]): readonly QuantityLink[] {
  return accounts.flatMap(({ quantities }) =>
    quantities.filter(({ quantity }) => quantity === 'active_energy').flatMap(({ links }) => links),
  )
}
