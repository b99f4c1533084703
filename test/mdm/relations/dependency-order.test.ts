import t from 'tap'
import { dependencyOrder } from '../../../mdm/relations/dependency-order.js'
import type { Relation, RelationRule } from '../../../mdm/relations/relation.js'

function edge(childId: bigint, parentId: bigint, kind: 'share' | 'deducted', from = 0, to = 10): Relation {
  const rule: RelationRule = kind === 'share' ? { kind, shareE6: 1n } : { kind }
  return { childId, parentId, from, to, rule }
}

t.test('measured children come before their parent, children without a meter after it', (t) => {
  const relations = [edge(1n, 2n, 'deducted'), edge(2n, 3n, 'deducted'), edge(4n, 2n, 'share'), edge(5n, 4n, 'share')]
  t.same(dependencyOrder([5n, 4n, 3n, 2n, 1n], relations), [1n, 2n, 3n, 4n, 5n])
  t.end()
})

t.test('points that were parts of each other at different times are left out, a part of itself never comes', (t) => {
  const turned = [edge(1n, 2n, 'deducted', 0, 5), edge(2n, 1n, 'deducted', 5, 10), edge(3n, 4n, 'share')]
  t.same(dependencyOrder([1n, 2n, 3n, 4n], turned), [4n, 3n])
  const cycle = [edge(1n, 2n, 'deducted', 0, 6), edge(2n, 3n, 'share'), edge(3n, 1n, 'deducted', 5, 10)]
  t.throws(() => dependencyOrder([1n, 2n, 3n], cycle), /not a part of itself/)
  t.end()
})
