import t from 'tap'
import { createTotalColumns } from '../../../mdm/validation/total-columns.js'

t.test('the totals of a series come back oldest first, the last revision of each instant alone', async (t) => {
  const columns = createTotalColumns(3)
  const rows: readonly (readonly [slot: number, readAt: number, revision: number, totalE4: bigint | null])[] = [
    [1, 300, 1, 30n],
    [0, 100, 1, 1n],
    [1, 100, 1, 10n],
    [1, 200, 2, null],
    [1, 200, 1, 20n],
    [1, 300, 2, 31n],
    [1, 400, 1, 40n],
  ]
  for (const row of rows) columns.add(...row)
  columns.sort()
  const totals = (slot: number, before: number) => {
    const { readAts, totalsE4 } = columns.totalsOf(slot, before)
    return Array.from(readAts, (readAt, index) => [readAt, totalsE4[index]])
  }
  const table: readonly (readonly [why: string, slot: number, before: number, expected: readonly unknown[]])[] = [
    [
      'an end is not in',
      1,
      400,
      [
        [100, 10n],
        [300, 31n],
      ],
    ],
    [
      'later ones are',
      1,
      401,
      [
        [100, 10n],
        [300, 31n],
        [400, 40n],
      ],
    ],
    ['what was withdrawn is not there', 1, 201, [[100, 10n]]],
    ['nothing before the first', 1, 100, []],
    ['each series has its own', 0, 1000, [[100, 1n]]],
    ['one without totals has none', 2, 1000, []],
  ]
  for (const [why, slot, before, expected] of table) t.same(totals(slot, before), expected, why)
})

t.test('more rows than there was room for are all there', async (t) => {
  const columns = createTotalColumns(1)
  const many = 5000
  for (let row = many; row > 0; row--) columns.add(0, row, 1, BigInt(row))
  columns.sort()
  const { readAts, totalsE4 } = columns.totalsOf(0, many + 1)
  t.equal(readAts.length, many)
  t.same([readAts[0], readAts[many - 1], totalsE4[many - 1]], [1, many, BigInt(many)])
})
