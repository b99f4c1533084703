import t from 'tap'
import { quickFading, slowFading, weightedMean } from '../../../mdm/estimation/weighted-mean.js'

t.test('the nearest value counts most, unknown ones and later ones not at all', async (t) => {
  const cases: readonly (readonly [string, readonly (bigint | null)[], number, bigint | null])[] = [
    ['one value', [70n], 1, 70n],
    ['half after three days', [100n, null, null, 0n], 4, 33n],
    ['what comes after is not looked at', [100n, 100n, 900n], 2, 100n],
    ['nothing known', [null, null], 2, null],
    ['nothing before', [5n], 0, null],
  ]
  for (const [title, values, from, expected] of cases) t.equal(weightedMean(values, from, quickFading), expected, title)
  t.equal(
    weightedMean([10n, 20n, 10n, 20n], 4, slowFading, (index) => index % 2 === 0),
    10n,
    'of chosen days',
  )
})
