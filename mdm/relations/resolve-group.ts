import { groupBy } from '../../domain/group-by.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Energies } from '../determinants/derive-determinant.js'
import { commonPart } from './common-part.js'
import { deducted } from './deducted.js'
import { dependencyOrder } from './dependency-order.js'
import { hasNegative, minus, negative, noEnergy, plus, sumOf } from './energies.js'
import { givePortions, type Portion } from './give-portions.js'
import { covers, energiesWithin, type Member, type Stretch } from './member.js'
import { isMetered, type Relation, type RelationHoldCode } from './relation.js'

export type RelationQuantity = 'relation_deducted' | 'relation_share' | 'fixed_quantity' | 'relation_common'

/** What a relation gives a point or takes off it; what is taken off is negative. A common part is told and changes nothing. */
export interface RelationPart {
  readonly quantity: RelationQuantity
  readonly otherPointId: bigint
  readonly energies: Energies
}
export interface Resolved {
  /** What the point bears: measured or given to it, less what others bear. */
  readonly energies: Energies
  readonly parts: readonly RelationPart[]
}
export interface RelationHold {
  readonly kind: RelationHoldCode
  readonly detail: string
}
export interface GroupPeriod {
  readonly periodStart: Instant
  readonly periodEnd: Instant
}
type Outcome = Result<Resolved, RelationHold>

/**
 * What each point of a group bears over a period. At a parent in this order (billing-rules 5.4): fixed quantities (定量), shares of what
 * they leave (定比), deducted children (套扣); then its meter is checked against its children's (总分). Points whose own quantity is in
 * doubt are left out of the result; whoever depends on one is held. What is not held bears in all what the outermost meters counted.
 */
export function resolveGroup(
  members: readonly Member[],
  relations: readonly Relation[],
  period: GroupPeriod,
): ReadonlyMap<bigint, Outcome> {
  const byPoint = new Map(members.map((member) => [member.usagePointId, member]))
  const asChild = groupBy(relations, ({ childId }) => childId)
  const asParent = groupBy(relations, ({ parentId }) => parentId)
  const order = dependencyOrder([...byPoint.keys()], relations)
  const settled = new Map<bigint, Settled>()
  for (const point of order) {
    const member = present(byPoint.get(point), 'a member of the group')
    const origin = originOf(member, asChild.get(point) ?? [], settled)
    settled.set(point, origin.ok ? settle(member, origin.value, asParent.get(point) ?? [], settled, period) : origin)
  }
  for (const { usagePointId } of members)
    if (!settled.has(usagePointId))
      settled.set(usagePointId, hold('relation_changed', 'points are parts of each other at different times'))
  return new Map(
    [...settled].flatMap(([point, one]): [bigint, Outcome][] =>
      one.ok ? [[point, ok(one.value.resolved)]] : one.error.kind === 'own_doubt' ? [] : [[point, err({ ...one.error, kind: one.error.kind })]],
    ),
  )
}

/** Energies with which a point begins, before relations take anything off. */
interface Origin {
  readonly stretches: readonly Stretch[]
  /** What was given to a point without a meter. */
  readonly given: readonly RelationPart[]
}
interface SettledPoint {
  readonly stretches: readonly Stretch[]
  readonly resolved: Resolved
  /** What children without meters get, by relation. */
  readonly portions: readonly Portion[]
}
type SettledError = RelationHold | { readonly kind: 'own_doubt' }
type Settled = Result<SettledPoint, SettledError>

function originOf(
  member: Member,
  relations: readonly Relation[],
  settled: ReadonlyMap<bigint, Settled>,
): Result<Origin, SettledError> {
  const givers = relations.filter((relation) => !isMetered(relation))
  if (givers.length === 0) {
    return member.stretches === null ? err({ kind: 'own_doubt' }) : ok({ stretches: member.stretches, given: [] })
  }
  if (member.stretches !== null)
    return hold('relation_changed', 'a point that is a share or fixed quantity of another one has a meter of its own')
  if (member.accountIds.length > 1) return hold('relation_changed', 'the account changes inside the period')
  const portions: Portion[] = []
  for (const relation of givers) {
    const parent = settled.get(relation.parentId)
    if (parent === undefined || !parent.ok)
      return hold('relation_member_held', `the quantity of usage point ${relation.parentId} is in doubt`)
    portions.push(...parent.value.portions.filter((portion) => portion.relation === relation))
  }
  const stretches = portions.map(({ from, to, energies }) => ({ from, to, energies })).toSorted((a, b) => a.from - b.from)
  return ok({ stretches, given: mergeParts(portions.map((portion) => toPart(portion, portion.relation.parentId))) })
}

function settle(
  member: Member,
  { stretches, given }: Origin,
  relations: readonly Relation[],
  settled: ReadonlyMap<bigint, Settled>,
  period: GroupPeriod,
): Settled {
  const measured = sumOf(stretches.map(({ energies }) => energies))
  if (relations.length === 0)
    return ok({ stretches, portions: [], resolved: { energies: measured, parts: given } })
  if (member.accountIds.length > 1)
    return hold('relation_changed', 'the account of a parent changes inside the period')
  const portions = givePortions(stretches, relations, period)
  if (!portions.ok) return portions
  const metered = meteredChildren(stretches, relations, settled)
  if (!metered.ok) return metered
  const gifts = portions.value.map((portion) => takenOff(toPart(portion, portion.relation.childId)))
  let left = plus(measured, sumOf(gifts.map(({ energies }) => energies)))
  const deductions: RelationPart[] = []
  for (const { relation, energies } of metered.value) {
    if (relation.rule.kind !== 'deducted') continue
    const off = deducted(left, energies)
    left = minus(left, off)
    deductions.push({ quantity: 'relation_deducted', otherPointId: relation.childId, energies: negative(off) })
  }
  if (hasNegative(left)) return hold('relation_negative', 'what is taken off is more than was measured')
  const common = commonPart(measured, metered.value.map(({ energies }) => energies))
  if (common[0] < 0n) return hold('relation_negative', 'the children measured more than their parent')
  const told = metered.value.some(({ relation }) => relation.rule.kind === 'main_sub')
    ? [{ quantity: 'relation_common' as const, otherPointId: member.usagePointId, energies: common }]
    : []
  const parts = [...given, ...mergeParts([...gifts, ...deductions]), ...told]
  return ok({ stretches, portions: portions.value, resolved: { energies: left, parts } })
}

interface MeteredChild {
  readonly relation: Relation
  readonly energies: Energies
}

/** What children with meters of their own measured while they were a part, by usage point. */
function meteredChildren(
  parent: readonly Stretch[],
  relations: readonly Relation[],
  settled: ReadonlyMap<bigint, Settled>,
): Result<readonly MeteredChild[], RelationHold> {
  const children: MeteredChild[] = []
  for (const relation of relations.filter(isMetered).toSorted(byChild)) {
    const { childId, from, to } = relation
    const child = settled.get(childId)
    if (child === undefined || !child.ok)
      return hold('relation_member_held', `the quantity of usage point ${childId} is in doubt`)
    const energies = energiesWithin(child.value.stretches, from, to)
    if (energies === null || !covers(parent, from, to))
      return hold('relation_changed', `usage point ${childId} became or ceased to be a part between two readings`)
    children.push({ relation, energies })
  }
  return ok(children)
}

function toPart({ relation, energies }: Portion, otherPointId: bigint): RelationPart {
  return { quantity: relation.rule.kind === 'share' ? 'relation_share' : 'fixed_quantity', otherPointId, energies }
}

function takenOff(part: RelationPart): RelationPart {
  return { ...part, energies: negative(part.energies) }
}

/** One part for each quantity and other point, however often a relation changed. */
function mergeParts(parts: readonly RelationPart[]): readonly RelationPart[] {
  return [...groupBy(parts, ({ quantity, otherPointId }) => `${quantity} ${otherPointId}`).values()].map((same) => ({
    ...present(same[0], 'a part'),
    energies: sumOf(same.map(({ energies }) => energies)),
  }))
}

export function byChild(a: Relation, b: Relation): number {
  if (a.childId !== b.childId) return a.childId < b.childId ? -1 : 1
  return a.from - b.from
}

function hold(kind: RelationHoldCode, detail: string) {
  return err<RelationHold>({ kind, detail })
}
