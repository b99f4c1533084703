import t from 'tap'
import { ownHistory } from '../../../../mdm/estimation/methods/own-history.js'
import { seriesOf } from '../../support/estimation-contexts.js'

t.test('lately counts most, one feast counts little, nothing known says nothing', async (t) => {
  const even = Array.from({ length: 20 }, () => 10)
  const cases: readonly (readonly [string, readonly (number | null)[], number, (kWhE4: bigint | null) => boolean])[] = [
    ['every day alike', even, 3, (usage) => usage === 30_0000n],
    [
      'a step up ten days ago',
      [...even, ...Array.from({ length: 10 }, () => 20)],
      1,
      (usage) => usage !== null && usage > 18_0000n && usage < 20_0000n,
    ],
    ['one feast of 300 kWh yesterday is cut to 30', [...even, 300], 1, (usage) => usage !== null && usage < 15_0000n],
    ['unknown days are passed over', [...even, null, null, 10], 2, (usage) => usage === 20_0000n],
    ['an empty home', Array.from({ length: 20 }, () => 0), 5, (usage) => usage === 0n],
    ['no day is known', [null, null, null], 1, (usage) => usage === null],
  ]
  for (const [title, days, ahead, holds] of cases)
    t.ok(holds(ownHistory(seriesOf(days, ahead), days.length, ahead)), title)
})
