import t from 'tap'
import { addDays, beijing, calendarFor, calendarOf, datesIn, daysBetween, isLocalDate } from '../../domain/time.js'

t.test('local days of Beijing begin at 16:00 UTC of the day before', async (t) => {
  t.equal(beijing.startOfDay('2026-07-01'), Date.parse('2026-06-30T16:00:00Z'))
  t.equal(beijing.dateAt(Date.parse('2026-06-30T15:59:59.999Z')), '2026-06-30')
  t.equal(beijing.dateAt(Date.parse('2026-06-30T16:00:00Z')), '2026-07-01')
  t.equal(beijing.minuteOfDay(Date.parse('2026-06-30T23:59:00Z')), 7 * 60 + 59)
})

t.test('calendar arithmetic crosses months and leap days', async (t) => {
  t.equal(addDays('2028-02-28', 1), '2028-02-29')
  t.equal(addDays('2026-01-01', -1), '2025-12-31')
  t.equal(daysBetween('2026-07-01', '2026-08-01'), 31)
  t.same(datesIn('2026-07-30', '2026-08-02'), ['2026-07-30', '2026-07-31', '2026-08-01'])
  t.same(datesIn('2026-07-02', '2026-07-01'), [])
})

t.test('refuses days that do not exist and zones it does not know', async (t) => {
  for (const text of ['2026-02-30', '2026-7-1', '20260701', '']) t.equal(isLocalDate(text), false, text)
  t.throws(() => beijing.startOfDay('2026-02-30'), { name: 'InvariantError' })
  t.equal(calendarOf('Europe/Nowhere'), null)
  t.throws(() => calendarFor('Europe/Nowhere'), { name: 'InvariantError' })
})
