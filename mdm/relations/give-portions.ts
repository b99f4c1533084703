import { err, ok, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Energies } from '../determinants/determinant.js'
import { hasNegative, minus } from './energies.js'
import { fixedQuantity } from './fixed-quantity.js'
import { energiesWithin, type Stretch } from './member.js'
import { byChild, type GroupPeriod, type GroupScene, type Relation, type RelationHold } from './relation.js'
import { shares } from './shares.js'
import { spread } from './spread.js'

/** What a child without a meter gets of its parent's energy over [from, to). */
export interface Portion {
  readonly relation: Relation
  readonly from: Instant
  readonly to: Instant
  readonly energies: Energies
}

/**
 * What a parent's children without meters get. Where such a relation begins or ends, the parent must have been read; between two such
 * instants fixed quantities come first, in order of usage points, and shares are of what they leave.
 */
export function givePortions(
  parent: readonly Stretch[],
  relations: readonly Relation[],
  scene: GroupScene,
): Result<readonly Portion[], RelationHold> {
  const givers = relations.filter(({ rule }) => rule.kind === 'share' || rule.kind === 'quantity').toSorted(byChild)
  const instants = [...new Set(givers.flatMap(({ from, to }) => [from, to]))].toSorted((a, b) => a - b)
  const portions: Portion[] = []
  for (const [index, from] of instants.slice(0, -1).entries()) {
    const to = instants[index + 1] ?? from
    const active = givers.filter((relation) => relation.from <= from && to <= relation.to)
    if (active.length === 0) continue
    const energies = energiesWithin(parent, from, to)
    if (energies === null) return err({ kind: 'relation_changed', detail: changedText(active, { from, to }, scene) })
    const given = giveWithin(energies, active, { from, to }, scene)
    if (!given.ok) return given
    portions.push(...given.value)
  }
  return ok(portions)
}

function changedText(
  active: readonly Relation[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
  { codeOf, minuteOf }: GroupScene,
): string {
  const codes = active.map(({ childId }) => codeOf(childId)).join(', ')
  return `a share or fixed quantity of ${codes} changed between two readings: ${minuteOf(from)} … ${minuteOf(to)}`
}

function giveWithin(
  energies: Energies,
  active: readonly Relation[],
  span: { readonly from: Instant; readonly to: Instant },
  period: GroupPeriod,
): Result<readonly Portion[], RelationHold> {
  let left = energies
  const portions: Portion[] = []
  for (const relation of active) {
    if (relation.rule.kind !== 'quantity') continue
    const quantity = spread(fixedQuantity(relation.rule.quantityE4, span, period), left)
    left = minus(left, quantity)
    if (hasNegative(left))
      return err({ kind: 'relation_negative', detail: 'fixed quantities are more than was measured' })
    portions.push({ relation, ...span, energies: quantity })
  }
  const sharing = active.filter(({ rule }) => rule.kind === 'share')
  const given = shares(
    left,
    sharing.map(({ rule }) => (rule.kind === 'share' ? rule.shareE6 : 0n)),
  )
  if (given === null) return err({ kind: 'shares_above_one', detail: 'the shares are more than the whole' })
  for (const [index, relation] of sharing.entries())
    portions.push({ relation, ...span, energies: present(given[index], 'a share') })
  return ok(portions)
}
