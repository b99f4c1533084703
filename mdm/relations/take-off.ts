import { err, ok, type Result } from '../../domain/result.js'
import type { Energies } from '../determinants/determinant.js'
import { commonPart } from './common-part.js'
import { deducted } from './deducted.js'
import { hasNegative, minus, negative, sumOf } from './energies.js'
import { givePortions } from './give-portions.js'
import { covers, energiesWithin, type Stretch } from './member.js'
import { mergeParts, takenOff, toPart } from './parts.js'
import {
  byChild,
  type GroupScene,
  isMetered,
  type Relation,
  type RelationHold,
  type RelationHoldCode,
  type RelationPart,
} from './relation.js'
import type { Settled, SettledPoint } from './settled.js'

/** What the children of a point take off it, and what that leaves. A result below zero is nobody's quantity (billing-rules 2.3). */
export function takeOff(
  pointId: bigint,
  stretches: readonly Stretch[],
  relations: readonly Relation[],
  settled: Settled,
  scene: GroupScene,
): Result<Omit<SettledPoint, 'stretches'>, RelationHold> {
  const portions = givePortions(stretches, relations, scene)
  if (!portions.ok) return portions
  const metered = meteredChildren(stretches, relations, settled, scene)
  if (!metered.ok) return metered
  const measured = sumOf(stretches.map(({ energies }) => energies))
  const common = commonPart(
    measured,
    metered.value.map(({ energies }) => energies),
  )
  if (common[0] < 0n) return hold('relation_negative', 'the children measured more than their parent')
  const gifts = portions.value.map((portion) => takenOff(toPart(portion, portion.relation.childId)))
  let left = minus(measured, sumOf(portions.value.map(({ energies }) => energies)))
  const deductions: RelationPart[] = []
  for (const { relation, energies } of metered.value) {
    if (relation.rule.kind !== 'deducted') continue
    const off = deducted(left, energies)
    left = minus(left, off)
    if (hasNegative(left)) return hold('relation_negative', 'what is taken off is more than was measured')
    deductions.push({ quantity: 'relation_deducted', otherPointId: relation.childId, energies: negative(off) })
  }
  const told: readonly RelationPart[] = metered.value.some(({ relation }) => relation.rule.kind === 'main_sub')
    ? [{ quantity: 'relation_common', otherPointId: pointId, energies: common }]
    : []
  return ok({ energies: left, parts: [...mergeParts([...gifts, ...deductions]), ...told], portions: portions.value })
}

interface MeteredChild {
  readonly relation: Relation
  readonly energies: Energies
}

/** What children with meters of their own measured while they were a part. */
function meteredChildren(
  parent: readonly Stretch[],
  relations: readonly Relation[],
  settled: Settled,
  { codeOf, minuteOf }: GroupScene,
): Result<readonly MeteredChild[], RelationHold> {
  const children: MeteredChild[] = []
  for (const relation of relations.filter(isMetered).toSorted(byChild)) {
    const { childId, from, to } = relation
    const child = settled.get(childId)
    if (child === undefined || child === null || !child.ok)
      return hold('relation_member_held', `the quantity of usage point ${codeOf(childId)} is in doubt`)
    const energies = energiesWithin(child.value.stretches, from, to)
    if (energies === null || !covers(parent, from, to))
      return hold(
        'relation_changed',
        `usage point ${codeOf(childId)} became or ceased to be a part between two readings: ${minuteOf(from)} … ${minuteOf(to)}`,
      )
    children.push({ relation, energies })
  }
  return ok(children)
}

function hold(kind: RelationHoldCode, detail: string) {
  return err<RelationHold>({ kind, detail })
}
