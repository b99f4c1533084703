import t from 'tap'
import { groupShards, type PointGroup } from '../../../mdm/determinants/groups.js'

function group(root: bigint, accounts: number): PointGroup {
  const members = Array.from({ length: accounts }, (_, index) => ({
    usagePointId: root,
    accountId: BigInt(index),
    isOurs: true,
  }))
  return { root, points: [root], accounts: members, relations: [], transformers: [], names: new Map() }
}

t.test('a shard never splits a group, even one that is larger than a shard', (t) => {
  const shards = groupShards([group(1n, 3), group(2n, 2), group(3n, 1), group(4n, 9), group(5n, 1)], 5)
  t.same(
    shards.map((shard) => shard.map(({ root }) => root)),
    [[1n, 2n], [3n], [4n], [5n]],
  )
  t.same(groupShards([], 5), [])
  t.end()
})
