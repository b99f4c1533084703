import { groupBy } from '../../domain/group-by.js'
import { present } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import {
  findProofMembers,
  findProofRelations,
  hasRelationParts,
  type ProofMemberRow,
  usagePointCodes,
} from '../../storage/billing/proof-relations.js'
import type { Queryable } from '../../storage/database.js'
import type { RelationRow } from '../../storage/mdm/determinant-relations.js'
import type { ProofRelation, ProofRelations, ProofSegment } from './proof-document.js'
import { segmentsOf, type SegmentContext } from './proof-segments.js'
import { iso } from './proof-values.js'

/** The freeze in which relations were resolved. */
export interface ProofFreeze {
  readonly setId: bigint
  readonly periodStart: Instant
  readonly periodEnd: Instant
}

/** What an account's quantity rests on beside its own meters; null where relations gave it nothing and took nothing off it. */
export async function relationsOf(
  client: Queryable,
  account: ProofMemberRow,
  { setId, periodStart, periodEnd }: ProofFreeze,
  context: SegmentContext,
): Promise<ProofRelations | null> {
  if (!(await hasRelationParts(client, setId, account.account_id))) return null
  const all = await findProofRelations(client, { periodStart, periodEnd, knownAt: context.frozenAt })
  const own = account.usage_point_id
  const relations = neededFor(own, all)
  const points = [...new Set(relations.flatMap(({ childId, parentId }) => [childId, parentId]))]
  const codes = await usagePointCodes(client, points)
  const codeOf = (point: bigint) => present(codes.get(point), `code of usage point ${point}`)
  const measured = measuredOf(own, relations)
  const members = groupBy(await findProofMembers(client, setId, measured), (member) => member.usage_point_id)
  const others: { readonly point: string; readonly segments: readonly ProofSegment[] }[] = []
  for (const point of measured) {
    const segments: ProofSegment[] = []
    for (const member of members.get(point) ?? []) segments.push(...(await segmentsOf(client, member, context)))
    others.push({ point: codeOf(point), segments })
  }
  return {
    from: iso(periodStart),
    to: iso(periodEnd),
    point: codeOf(own),
    relations: relations.map((relation) => toProofRelation(relation, codeOf)),
    points: others,
  }
}

/** Relations that take part in what a point bears: its children, and up from it whoever gives, with all whom they give something. */
function neededFor(own: bigint, all: readonly RelationRow[]): readonly RelationRow[] {
  const needed = new Set(all.filter(({ parentId }) => parentId === own))
  const open = [own, ...[...needed].map(({ childId }) => childId)]
  const seen = new Set<bigint>()
  for (let point = open.pop(); point !== undefined; point = open.pop()) {
    if (seen.has(point)) continue
    seen.add(point)
    for (const { parentId } of all.filter((one) => one.childId === point && isGiven(one))) {
      for (const gift of all) if (gift.parentId === parentId && isGiven(gift)) needed.add(gift)
      open.push(parentId)
    }
  }
  return all.filter((relation) => needed.has(relation))
}

/** Points other than the own one whose meters are asked: those that are not given everything, and whom somebody depends on. */
function measuredOf(own: bigint, relations: readonly RelationRow[]): readonly bigint[] {
  const given = new Set(relations.filter(isGiven).map(({ childId }) => childId))
  const asked = relations.map((relation) => (isGiven(relation) ? relation.parentId : relation.childId))
  return [...new Set(asked)].filter((point) => point !== own && !given.has(point))
}

/** Whether the child has no meter of its own. */
function isGiven({ kind }: RelationRow): boolean {
  return kind === 'share' || kind === 'quantity'
}

function toProofRelation(relation: RelationRow, codeOf: (point: bigint) => string): ProofRelation {
  const { kind, shareE6, quantityE4, from, to } = relation
  return {
    child: codeOf(relation.childId),
    parent: codeOf(relation.parentId),
    kind,
    share: kind === 'share' ? formatScaled(shareE6, 6) : null,
    quantity: kind === 'quantity' ? formatScaled(quantityE4, 4) : null,
    from: iso(from),
    to: iso(to),
  }
}
