import { groupBy } from '../../domain/group-by.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import { dependencyOrder } from './dependency-order.js'
import { sumOf } from './energies.js'
import { originOf } from './origin.js'
import type { Member } from './member.js'
import type { GroupScene, Relation, RelationHold } from './relation.js'
import type { Resolved, Settled, SettledPoint } from './settled.js'
import { takeOff } from './take-off.js'

/**
 * What each point of a group bears over a period. At a parent in this order (billing-rules 5.4): fixed quantities (定量), shares of what
 * they leave (定比), deducted children (套扣); then its meter is checked against its children's (总分). Points whose own quantity is in
 * doubt are left out of the result, and whoever depends on one is held. Where nobody is held, all bear what the outermost meters counted.
 */
export function resolveGroup(
  members: readonly Member[],
  relations: readonly Relation[],
  scene: GroupScene,
): ReadonlyMap<bigint, Result<Resolved, RelationHold>> {
  const byPoint = new Map(members.map((member) => [member.usagePointId, member]))
  const asChild = groupBy(relations, ({ childId }) => childId)
  const asParent = groupBy(relations, ({ parentId }) => parentId)
  const settled = new Map<bigint, Result<SettledPoint, RelationHold> | null>()
  for (const point of dependencyOrder([...byPoint.keys()], relations)) {
    const member = present(byPoint.get(point), 'a member of the group')
    settled.set(point, settle(member, asChild.get(point) ?? [], asParent.get(point) ?? [], settled, scene))
  }
  const untold = err<RelationHold>({
    kind: 'relation_changed',
    detail: 'usage points are parts of each other at different times',
  })
  return new Map(
    members.flatMap(({ usagePointId }) => {
      const one = settled.has(usagePointId) ? settled.get(usagePointId) : untold
      return one === null || one === undefined ? [] : [[usagePointId, one] as const]
    }),
  )
}

function settle(
  member: Member,
  asChild: readonly Relation[],
  asParent: readonly Relation[],
  settled: Settled,
  scene: GroupScene,
): Result<SettledPoint, RelationHold> | null {
  const origin = originOf(member, asChild, settled, scene)
  if (origin === null) return null
  if (!origin.ok) return origin
  const { stretches, given } = origin.value
  const energies = sumOf(stretches.map((stretch) => stretch.energies))
  if (asParent.length === 0) return ok({ stretches, energies, parts: given, portions: [] })
  if (member.accountIds.length > 1)
    return err({
      kind: 'relation_changed',
      detail: `the account of ${scene.codeOf(member.usagePointId)}, which has parts, changes inside the period`,
    })
  const taken = takeOff(member.usagePointId, stretches, asParent, settled, scene)
  if (!taken.ok) return taken
  return ok({ ...taken.value, stretches, parts: [...given, ...taken.value.parts] })
}
