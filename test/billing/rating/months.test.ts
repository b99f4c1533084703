import t from 'tap'
import { addMonths, monthsFrom, monthsOf, wholeMonths, yearsOf } from '../../../billing/rating/months.js'
import { formatRational } from '../../../domain/rational.js'

t.test('a month later is the same day, or the last of a shorter month', async (t) => {
  const cases = [
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-12-20', 1, '2027-01-20'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-07-01', 0, '2026-07-01'],
  ] as const
  for (const [date, months, later] of cases) t.equal(addMonths(date, months), later, `${date} ${months}`)
})

t.test('knows whole months wherever they begin', async (t) => {
  t.equal(wholeMonths({ from: '2026-06-20', to: '2026-08-20' }), 2)
  t.equal(wholeMonths({ from: '2026-07-01', to: '2026-08-01' }), 1)
  t.equal(wholeMonths({ from: '2026-06-20', to: '2026-07-19' }), null)
  t.equal(wholeMonths({ from: '2026-06-20', to: '2026-06-20' }), null)
  t.same(
    monthsFrom('2026-06-20', '2026-07-21').map(({ from }) => from),
    ['2026-06-20', '2026-07-20'],
  )
})

t.test('parts of a month', async (t) => {
  const july = { from: '2026-07-01', to: '2026-08-01' }
  const from11th = { from: '2026-07-11', to: '2026-08-01' }
  const cases = [
    ['an undivided month', july, july, undefined, 'calendar', '1'],
    ['days by the calendar', from11th, july, undefined, 'calendar', '21/31'],
    ['days ÷ 30', from11th, july, undefined, { days: '30' }, '0.7'],
    ['an undivided month by 30 days', july, july, undefined, { days: '30' }, '1'],
    ['a started month whole', from11th, july, undefined, 'whole', '1'],
    [
      'a reading month',
      { from: '2026-06-20', to: '2026-07-20' },
      { from: '2026-06-20', to: '2026-07-20' },
      undefined,
      'calendar',
      '1',
    ],
    [
      'half of a reading month',
      { from: '2026-06-20', to: '2026-07-05' },
      { from: '2026-06-20', to: '2026-07-20' },
      undefined,
      'calendar',
      '0.5',
    ],
    ['what the period states', july, july, '2', 'calendar', '2'],
    [
      'a crooked period',
      { from: '2026-06-16', to: '2026-07-11' },
      { from: '2026-06-16', to: '2026-07-11' },
      undefined,
      'calendar',
      '51/62',
    ],
    ['the first of two months', july, { from: '2026-07-01', to: '2026-09-01' }, undefined, 'calendar', '1'],
    [
      'the first of two months by 30 days',
      july,
      { from: '2026-07-01', to: '2026-09-01' },
      undefined,
      { days: '30' },
      '1',
    ],
    [
      'a part of two reading months',
      { from: '2026-07-10', to: '2026-08-20' },
      { from: '2026-06-20', to: '2026-08-20' },
      undefined,
      'calendar',
      '4/3',
    ],
    [
      'a whole month of a crooked period by 30 days',
      { from: '2026-06-21', to: '2026-08-11' },
      { from: '2026-06-21', to: '2026-08-11' },
      undefined,
      { days: '30' },
      '5/3',
    ],
    ['a part of stated months', july, { from: '2026-07-01', to: '2026-09-01' }, '3', 'calendar', '1.5'],
  ] as const
  for (const [name, part, period, stated, dayCount, months] of cases)
    t.equal(formatRational(monthsOf(part, period, stated, dayCount)), months, name)
})

t.test('parts of a year are months where those of the period are whole, days otherwise', async (t) => {
  const quarter = { from: '2026-07-01', to: '2026-10-01' }
  const crooked = { from: '2027-12-31', to: '2028-01-02' }
  const tenDays = { from: '2026-07-01', to: '2026-07-11' }
  const cases = [
    ['a quarter', quarter, quarter, undefined, 'calendar', '0.25'],
    ['days of two years', crooked, crooked, undefined, 'calendar', '731/133590'],
    ['ten days of a quarter', tenDays, quarter, undefined, 'calendar', '5/186'],
    ['ten days alone', tenDays, tenDays, undefined, 'calendar', '2/73'],
    ['ten days ÷ 360', tenDays, quarter, undefined, { days: '360' }, '1/36'],
    ['what the period states', crooked, crooked, '2', 'calendar', '1/6'],
    ['a started year', tenDays, quarter, undefined, 'whole', '1'],
  ] as const
  for (const [name, part, period, stated, dayCount, years] of cases)
    t.equal(formatRational(yearsOf(part, period, stated, dayCount)), years, name)
})
