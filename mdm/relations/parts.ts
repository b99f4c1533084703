import { groupBy } from '../../domain/group-by.js'
import { present } from '../../domain/result.js'
import { negative, sumOf } from './energies.js'
import type { Portion } from './give-portions.js'
import type { RelationPart } from './relation.js'

export function toPart({ relation, energies }: Portion, otherPointId: bigint): RelationPart {
  return { quantity: relation.rule.kind === 'share' ? 'relation_share' : 'fixed_quantity', otherPointId, energies }
}

export function takenOff(part: RelationPart): RelationPart {
  return { ...part, energies: negative(part.energies) }
}

/** One part for each quantity and other point, however often a relation changed. */
export function mergeParts(parts: readonly RelationPart[]): readonly RelationPart[] {
  return [...groupBy(parts, ({ quantity, otherPointId }) => `${quantity} ${otherPointId}`).values()].map((same) => ({
    ...present(same[0], 'a part'),
    energies: sumOf(same.map(({ energies }) => energies)),
  }))
}
