import t from 'tap'
import { boundaryMs } from '../../../domain/boundary-columns.js'
import { calendarFor } from '../../../domain/time.js'
import { layDayGrid } from '../../../mdm/curves/local-days.js'

t.test('days follow each other over a grid, with some before and after', async (t) => {
  const grid = layDayGrid(calendarFor('Europe/London'), '2013-03-31', '2013-04-01', 1)
  t.same(
    grid.localDays.map(({ date, first, last }) => [date, first, last]),
    [
      ['2013-03-30', 0, 96],
      ['2013-03-31', 96, 188],
      ['2013-04-01', 188, 284],
    ],
  )
  t.match(grid, { boundaries: 285, days: 3, from: Date.parse('2013-03-30T00:00:00Z') })
  // The boundary at midnight closes the day before.
  t.same([...grid.dayOf.subarray(95, 98)], [0, 0, 1])
  t.equal(grid.from + 188 * boundaryMs, Date.parse('2013-03-31T23:00:00Z'))
})
