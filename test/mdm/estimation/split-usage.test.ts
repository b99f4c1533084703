import t from 'tap'
import { addUsage } from '../../../mdm/estimation/split-usage.js'

type Four = readonly [bigint | null, bigint | null, bigint | null, bigint | null]

t.test('tariffs take their shares in whole steps, and what is left over goes to the largest', async (t) => {
  const cases: readonly (readonly [string, Four, bigint, Four, Four | null])[] = [
    ['no tariff registers', [null, null, null, null], 500n, [null, null, null, null], [null, null, null, null]],
    ['three to one', [null, 1000n, null, 2000n], 400n, [null, 3n, null, 1n], [null, 1300n, null, 2100n]],
    ['a third of 1000 in steps of 100', [0n, 0n, 0n, null], 1000n, [1n, 1n, 1n, null], [400n, 300n, 300n, null]],
    ['a register that stands still', [0n, 10n, null, null], 300n, [0n, 9n, null, null], [0n, 310n, null, null]],
    ['nothing says how', [0n, 0n, null, null], 300n, [0n, 0n, null, null], null],
    [
      'nothing says how, and nothing is to be split',
      [0n, 0n, null, null],
      0n,
      [0n, 0n, null, null],
      [0n, 0n, null, null],
    ],
    ['unknown shares', [0n, 0n, null, null], 300n, [null, null, null, null], null],
  ]
  for (const [title, touE4, usage, shares, expected] of cases)
    t.same(addUsage({ totalE4: 9000n, touE4 }, usage, shares, 100n)?.touE4 ?? null, expected, title)
})
