import t from 'tap'
import { previousPeriod } from '../../../../mdm/estimation/methods/previous-period.js'
import { seriesOf } from '../../support/estimation-contexts.js'

t.test('is what the same number of days before counted', async (t) => {
  const cases: readonly (readonly [string, readonly (number | null)[], number, bigint | null])[] = [
    ['the last three days', [1, 2, 3, 4, 5, 6], 3, 15_0000n],
    ['a day within is not known, both ends are', [1, 2, null, 4, 5], 4, 16_0000n],
    ['an end is not known', [1, 2, null, 4, 5], 2, null],
    ['the history is too short', [1, 2], 3, null],
  ]
  for (const [title, days, ahead, expected] of cases)
    t.equal(previousPeriod(seriesOf(days, ahead), days.length, ahead), expected, title)
})
