import t from 'tap'
import { createSlotDays } from '../../../../billing/rating/usage/slot-days.js'
import { slotSetSchema } from '../../../../billing/tariffs/components/slot-schema.js'
import { addDays, calendarFor, dayMs, minuteMs, weekdayOf } from '../../../../domain/time.js'

const set = slotSetSchema.parse({
  name: 'seasonal',
  specialDays: [{ date: '2026-10-01', as: 'holiday' }],
  slots: [
    { name: 'holiday', when: [{ days: ['holiday'] }] },
    { name: 'sharp', when: [{ months: [7, 8], days: ['weekday'], windows: [{ from: '18:30', to: '21:00' }] }] },
    { name: 'valley', when: [{ windows: [{ from: '23:00', to: '07:00' }], days: ['weekday', 'weekend'] }] },
    { name: 'flat', otherwise: true },
  ],
})

/** The slot of a minute as the clock on the wall shows it, in plain words. */
function slotOf(date: string, minute: number): string {
  if (date === '2026-10-01') return 'holiday'
  const isWeekday = ![0, 6].includes(weekdayOf(date))
  if (['07', '08'].includes(date.slice(5, 7)) && isWeekday && 18.5 * 60 <= minute && minute < 21 * 60) return 'sharp'
  return minute < 7 * 60 || minute >= 23 * 60 ? 'valley' : 'flat'
}

t.test('a day is laid as the clock on the wall shows it, on days on which it is set too', async (t) => {
  const rows = [
    ['Asia/Shanghai', '2026-01-01', 0],
    ['Europe/London', '2026-01-01', 2],
    ['America/Sao_Paulo', '2018-01-01', 2],
    ['Australia/Lord_Howe', '2026-01-01', 2],
  ] as const
  for (const [zone, first, daysSet] of rows) {
    const calendar = calendarFor(zone)
    const { stretchesIn } = createSlotDays(calendar, set, [], 'test')
    const boundsOf = (date: string) => [calendar.startOfDay(date), calendar.startOfDay(addDays(date, 1))] as const
    const dates = Array.from({ length: 365 }, (_, index) => addDays(first, index))
    const isOdd = (date: string) => boundsOf(date)[1] - boundsOf(date)[0] !== dayMs
    t.equal(dates.filter(isOdd).length, daysSet, `${zone}: days on which clocks are set`)
    const wrong = dates
      .filter((date, index) => index % 24 === 0 || isOdd(date))
      .filter((date) => {
        const [from, to] = boundsOf(date)
        const laid = stretchesIn({ from, to })
        const slotAt = (instant: number) => laid.find((one) => one.from <= instant && instant < one.to)?.slot
        const instants = Array.from({ length: (to - from) / minuteMs }, (_unused, minute) => from + minute * minuteMs)
        return instants.some((instant) => slotAt(instant) !== slotOf(date, calendar.minuteOfDay(instant)))
      })
    t.same(wrong, [], zone)
  }
})

t.test('a slot is entered where a stretch of it is', async (t) => {
  const calendar = calendarFor('Asia/Shanghai')
  const days = createSlotDays(calendar, set, [], 'test')
  const at = (date: string, hours = 0) => calendar.startOfDay(date) + hours * 60 * minuteMs
  const cases = [
    ['a month without it', 'sharp', at('2026-06-01'), at('2026-07-01'), false],
    ['its first days', 'sharp', at('2026-06-15'), at('2026-07-02'), true],
    ['a weekend', 'sharp', at('2026-07-04'), at('2026-07-06'), false],
    ['before its hours', 'sharp', at('2026-07-06'), at('2026-07-06', 18), false],
    ['the holiday', 'holiday', at('2026-09-01'), at('2026-10-02'), true],
    ['a slot of another calendar', 'peak', at('2026-01-01'), at('2027-01-01'), false],
  ] as const
  for (const [claim, slot, from, to, expected] of cases) {
    t.equal(days.enters(slot, { from, to }), expected, claim)
    t.equal(
      days.stretchesIn({ from, to }).some((one) => one.slot === slot),
      expected,
      claim,
    )
  }
})
