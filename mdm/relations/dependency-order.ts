import { groupBy } from '../../domain/group-by.js'
import { invariant } from '../../domain/result.js'
import { isMetered, type Relation } from './relation.js'

/**
 * Points in an order in which each comes after what it depends on: a parent after children with meters, a child without one after its
 * parent; else by their number. Points that depend on each other, because they were parts of each other at different times, are left out.
 */
export function dependencyOrder(points: readonly bigint[], relations: readonly Relation[]): readonly bigint[] {
  requireNoCycle(relations)
  const needs = groupBy(relations.map(toDependency), ({ point }) => point)
  const done = new Set<bigint>()
  let open = points.toSorted((a, b) => (a < b ? -1 : 1))
  for (;;) {
    const ready = open.filter((point) => (needs.get(point) ?? []).every(({ needed }) => done.has(needed)))
    if (ready.length === 0) return [...done]
    for (const point of ready) done.add(point)
    open = open.filter((point) => !done.has(point))
  }
}

function toDependency(relation: Relation): { readonly point: bigint; readonly needed: bigint } {
  const { childId, parentId } = relation
  return isMetered(relation) ? { point: parentId, needed: childId } : { point: childId, needed: parentId }
}

/**
 * The registry lets no point be a part of itself at any instant. A cycle is closed when the last of its relations begins, and a child has
 * one parent then, so that one walk up from each relation's beginning finds it.
 */
function requireNoCycle(relations: readonly Relation[]): void {
  const byChild = groupBy(relations, ({ childId }) => childId)
  for (const { childId, from } of relations) {
    const parentOf = (point: bigint) =>
      (byChild.get(point) ?? []).find((relation) => relation.from <= from && from < relation.to)?.parentId
    const above = new Set([childId])
    for (let at = parentOf(childId); at !== undefined; at = parentOf(at)) {
      invariant(!above.has(at), `usage point ${at} is not a part of itself`)
      above.add(at)
    }
  }
}
