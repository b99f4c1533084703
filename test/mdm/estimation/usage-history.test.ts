import t from 'tap'
import { addDays, beijing, hourMs, minuteMs } from '../../../domain/time.js'
import { historyDays, historyStart, toUsageHistory } from '../../../mdm/estimation/usage-history.js'

const day = (offset: number) => beijing.startOfDay(addDays('2026-06-15', offset))
const firstTouE4 = [null, 40n, null, 10n] as const
const endTouE4 = [null, 100n, null, 15n] as const
const settings = { calendar: beijing, endTouE4, liveToleranceMs: 15 * minuteMs }

t.test('readings at midnight, or live ones shortly after, are the ends of days', async (t) => {
  const history = toUsageHistory(
    {
      readAts: [day(-3), day(-2) + 5 * minuteMs, day(-1), day(-1) + 10 * minuteMs, day(-1) + 9 * hourMs, day(0)],
      totalsE4: [1n, 2n, 3n, 4n, 5n, 6n],
      firstTouE4,
    },
    { ...settings, end: day(0) },
  )
  t.same(history, { firstMidnight: '2026-06-12', totalsE4: [1n, 2n, 3n, 6n], tariffUsagesE4: [null, 60n, null, 5n] })
})

t.test('a history that ends in mid-day ends with an unknown midnight', async (t) => {
  const history = toUsageHistory(
    { readAts: [day(-1), day(0) + 9 * hourMs], totalsE4: [3n, 5n], firstTouE4 },
    { ...settings, end: day(0) + 9 * hourMs },
  )
  t.same(history.totalsE4, [3n, null])
})

t.test('nothing known is a history of one unknown midnight, and an exchanged register counted nothing', async (t) => {
  const history = toUsageHistory(
    { readAts: [], totalsE4: [], firstTouE4: endTouE4 },
    { ...settings, end: day(0), endTouE4: firstTouE4 },
  )
  t.same(history, { firstMidnight: '2026-06-15', totalsE4: [null], tariffUsagesE4: [null, null, null, null] })
  t.equal(historyStart(beijing, day(0)), day(-historyDays) - 1)
})
