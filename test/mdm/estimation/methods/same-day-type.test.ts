import t from 'tap'
import { sameDayType } from '../../../../mdm/estimation/methods/same-day-type.js'
import { seriesOf } from '../../support/estimation-contexts.js'

// Weeks before a Monday: five working days of 20 kWh, a weekend of 2.
const weeks = (count: number) => Array.from({ length: count * 7 }, (_, day) => (day % 7 < 5 ? 20 : 2))

t.test('each missing day is as its type was', async (t) => {
  const cases: readonly (readonly [string, readonly (number | null)[], number, readonly string[], bigint | null])[] = [
    ['two working days', weeks(4), 2, [], 40_0000n],
    ['a whole week', weeks(4), 7, [], 104_0000n],
    ['a holiday that was never seen is a weekend', weeks(4), 1, ['2026-06-15'], 2_0000n],
    ['weekends were seen too seldom', weeks(1), 7, [], null],
    ['working days were seen often enough', weeks(1), 1, [], 20_0000n],
  ]
  for (const [title, days, ahead, holidays, expected] of cases)
    t.equal(sameDayType(seriesOf(days, ahead, { holidays }), days.length, ahead), expected, title)
})
