import t from 'tap'
import { percentOf, percentShares } from '../../../console/cli/shares.js'

const cases: readonly (readonly [parts: readonly number[], shares: readonly string[]])[] = [
  [
    [1, 1, 1],
    ['33.34', '33.33', '33.33'],
  ],
  [
    [2, 1],
    ['66.67', '33.33'],
  ],
  [[1], ['100.00']],
  [
    [0, 7],
    ['0.00', '100.00'],
  ],
  [
    [0, 0],
    ['0.00', '0.00'],
  ],
  [[], []],
  [
    [1, 1, 1, 1, 1, 1, 1],
    ['14.29', '14.29', '14.29', '14.29', '14.28', '14.28', '14.28'],
  ],
]

await t.test('shares add up to 100.00, and the one that lost most by rounding down gets what is left', async (t) => {
  for (const [parts, shares] of cases) t.same(percentShares(parts), shares, parts.join(' '))
})

await t.test('100.00 is said of all and only of all', async (t) => {
  t.equal(percentOf(99_999, 100_000), '99.99')
  t.equal(percentOf(7, 7), '100.00')
})
