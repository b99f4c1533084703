import t from 'tap'
import { dayMs } from '../../../domain/time.js'
import { createGroups, toShards } from '../../../mdm/validation/shards.js'

t.test('meters of an area are one group, and those that hang nowhere stay alone', async (t) => {
  const { add, groups } = createGroups()
  const rows: readonly (readonly [areaId: bigint | null, meterId: bigint, quantity: number, firstAt: number])[] = [
    [1n, 1n, 1, 10],
    [1n, 1n, 2, 20],
    [1n, 2n, 1, 10],
    [2n, 3n, 1, 30],
    [null, 4n, 1, 40],
    [null, 4n, 2, 41],
    [null, 5n, 1, 50],
  ]
  for (const [areaId, meterId, quantity, firstAt] of rows) add({ areaId, meterId, quantity, firstAt })
  t.same(
    groups.map(({ areaId, meterIds, firstAt }) => [areaId, meterIds, [...firstAt]]),
    [
      [
        1n,
        [1n, 2n],
        [
          [1, 10],
          [2, 20],
        ],
      ],
      [2n, [3n], [[1, 30]]],
      [
        null,
        [4n],
        [
          [1, 40],
          [2, 41],
        ],
      ],
      [null, [5n], [[1, 50]]],
    ],
  )
})

t.test('a shard takes so many keys, and a group is never split', async (t) => {
  const now = 100 * dayMs
  const group = (meters: number, days: number) => ({
    areaId: 1n,
    meterIds: Array.from({ length: meters }, (_, index) => BigInt(index)),
    firstAt: new Map([[1, now - days * dayMs]]),
  })
  const table: readonly (readonly [
    why: string,
    groups: readonly ReturnType<typeof group>[],
    expected: readonly number[],
  ])[] = [
    ['nothing', [], []],
    ['what fits goes together', [group(1000, 2), group(1000, 3)], [2]],
    ['one key more does not', [group(1000, 2), group(1000, 3), group(1, 1)], [2, 1]],
    ['a large group stays whole', [group(1, 1), group(6000, 1), group(1, 1)], [1, 1, 1]],
    ['a day that has only begun counts', [group(2500, 0), group(2500, 0), group(1, 0)], [2, 1]],
  ]
  for (const [why, groups, expected] of table)
    t.same(
      toShards(groups, now).map(({ length }) => length),
      expected,
      why,
    )
})
