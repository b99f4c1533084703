import { err, ok, type Result } from '../../domain/result.js'
import type { Portion } from './give-portions.js'
import type { Member, Stretch } from './member.js'
import { mergeParts, toPart } from './parts.js'
import { type GroupScene, isMetered, type Relation, type RelationHold, type RelationPart } from './relation.js'
import type { Settled } from './settled.js'

/** Energies with which a point begins, before relations take anything off. */
export interface Origin {
  readonly stretches: readonly Stretch[]
  /** What was given to a point without a meter. */
  readonly given: readonly RelationPart[]
}

/** What a point's own meter measured, or what its parents give it; null where its own quantity is in doubt. */
export function originOf(
  member: Member,
  relations: readonly Relation[],
  settled: Settled,
  { codeOf }: Pick<GroupScene, 'codeOf'>,
): Result<Origin, RelationHold> | null {
  const givers = relations.filter((relation) => !isMetered(relation))
  const { stretches, accountIds } = member
  if (givers.length === 0) return stretches === null ? null : ok({ stretches, given: [] })
  if (stretches !== null) return changed('a share or fixed quantity of another usage point has a meter of its own')
  if (accountIds.length > 1) return changed('the account changes inside the period')
  const portions: Portion[] = []
  for (const relation of givers) {
    const parent = settled.get(relation.parentId)
    if (parent === undefined || parent === null || !parent.ok)
      return err({
        kind: 'relation_member_held',
        detail: `the quantity of usage point ${codeOf(relation.parentId)} is in doubt`,
      })
    portions.push(...parent.value.portions.filter((portion) => portion.relation === relation))
  }
  return ok({
    stretches: portions.map(({ from, to, energies }) => ({ from, to, energies })).toSorted((a, b) => a.from - b.from),
    given: mergeParts(portions.map((portion) => toPart(portion, portion.relation.parentId))),
  })
}

function changed(detail: string) {
  return err<RelationHold>({ kind: 'relation_changed', detail })
}
