import t from 'tap'
import { dayTypeOf } from '../../../mdm/estimation/day-type.js'

t.test('lists of the policy go before the week', async (t) => {
  const calendar = { holidays: new Set(['2026-10-01']), workingWeekends: new Set(['2026-10-10']) }
  const cases: readonly (readonly [string, string])[] = [
    ['2026-06-15', 'working_day'],
    ['2026-06-14', 'weekend'],
    ['2026-10-01', 'holiday'],
    ['2026-10-10', 'working_day'],
  ]
  for (const [day, expected] of cases) t.equal(dayTypeOf(day, calendar), expected, day)
})
