import t from 'tap'
import { withDatabase } from '../support/database.js'

t.test('types arrive exact: int8 as bigint, numeric and date as text, timestamptz as milliseconds', async (t) => {
  const database = (await withDatabase(t)).as('owner')
  const rows =
    await database.query(`select 9007199254740993::int8 as big, 1.10::numeric as exact, date '2026-03-01' as day,
    timestamptz '2026-03-01 08:00:00.123+08' as instant, array[1, null, -3]::int8[] as bigs, array['2026-03-01'::date] as days,
    array['2026-03-01 00:00+00'::timestamptz] as instants, '{}'::int8[] as none, array[0.10]::numeric[] as exacts`)
  t.strictSame(rows, [
    {
      big: 9007199254740993n,
      exact: '1.10',
      day: '2026-03-01',
      instant: Date.UTC(2026, 2, 1, 0, 0, 0, 123),
      bigs: [1n, null, -3n],
      days: ['2026-03-01'],
      instants: [Date.UTC(2026, 2, 1)],
      none: [],
      exacts: ['0.10'],
    },
  ])
})
