import t from 'tap'
import { daysFrom } from '../../../mdm/estimation/days-from.js'

t.test('goes over the ends of months and years', async (t) => {
  t.same(daysFrom('2028-02-28', 3), ['2028-02-28', '2028-02-29', '2028-03-01'])
  t.same(daysFrom('2026-12-31', 2), ['2026-12-31', '2027-01-01'])
  t.same(daysFrom('2026-12-31', 0), [])
})
