import t from 'tap'
import {
  addDays,
  beijing,
  calendarFor,
  calendarOf,
  datesIn,
  daysBetween,
  hourMs,
  isLocalDate,
  localMinute,
  minuteMs,
} from '../../domain/time.js'

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

t.test('days are those of the platform, from the year 0 to the year 9999', async (t) => {
  const dayMs = 24 * hourMs
  const shown = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10)
  const [first, last] = [Date.parse('0000-01-01T00:00:00Z') / dayMs, Date.parse('9999-12-31T00:00:00Z') / dayMs]
  const days = Array.from({ length: Math.floor((last - first) / 97) }, (_, index) => first + 97 * index)
  const wrong = [...days, last].filter(
    (day) => addDays('1970-01-01', day) !== shown(day) || daysBetween('1970-01-01', shown(day)) !== day,
  )
  t.same(wrong, [])
  for (const text of ['1900-02-29', '2000-02-30', '2026-00-10', '2026-13-01', '2026-01-00', '2026-04-31'])
    t.equal(isLocalDate(text), false, text)
  for (const text of ['0000-02-29', '2000-02-29', '2026-12-31']) t.equal(isLocalDate(text), true, text)
})

t.test('refuses days that do not exist and zones it does not know', async (t) => {
  for (const text of ['2026-02-30', '2026-7-1', '20260701', '']) t.equal(isLocalDate(text), false, text)
  t.throws(() => beijing.startOfDay('2026-02-30'), { name: 'InvariantError' })
  t.equal(calendarOf('Europe/Nowhere'), null)
  t.equal(calendarOf('+08:00'), null, 'an offset is no zone')
  t.throws(() => calendarFor('Europe/Nowhere'), { name: 'InvariantError' })
})

t.test('days on which clocks are set are as long as time goes by in them', async (t) => {
  const cases: readonly (readonly [zone: string, date: string, begins: string, minutes: number])[] = [
    ['Europe/London', '2013-03-31', '2013-03-31T00:00:00Z', 23 * 60],
    ['Europe/London', '2013-10-27', '2013-10-26T23:00:00Z', 25 * 60],
    ['Europe/London', '2013-07-01', '2013-06-30T23:00:00Z', 24 * 60],
    ['America/New_York', '2006-03-12', '2006-03-12T05:00:00Z', 24 * 60],
    // The rule of 2007 moved it by three weeks.
    ['America/New_York', '2007-03-11', '2007-03-11T05:00:00Z', 23 * 60],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00Z', 24.5 * 60],
    ['Asia/Kathmandu', '2026-07-01', '2026-06-30T18:15:00Z', 24 * 60],
    // Midnight is jumped over.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z', 23 * 60],
    // It is gone back over: the day before has it twice.
    ['America/Sao_Paulo', '2019-02-16', '2019-02-16T02:00:00Z', 25 * 60],
    // Clocks went back from 00:01 to 23:01: one minute of Sunday was shown before Saturday was over.
    ['America/St_Johns', '2010-11-06', '2010-11-06T02:30:00Z', 25 * 60],
    ['America/St_Johns', '2010-11-07', '2010-11-07T03:30:00Z', 24 * 60],
    // The hour after midnight comes twice.
    ['America/Havana', '2023-11-05', '2023-11-05T04:00:00Z', 25 * 60],
    // Samoa left out a whole day.
    ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00Z', 24 * 60],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z', 0],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z', 24 * 60],
  ]
  for (const [zone, date, begins, minutes] of cases) {
    const calendar = calendarFor(zone)
    const start = calendar.startOfDay(date)
    t.equal(new Date(start).toISOString(), begins.replace('Z', '.000Z'), `${zone} ${date}`)
    t.equal((calendar.startOfDay(addDays(date, 1)) - start) / minuteMs, minutes, `${zone} ${date}`)
  }
})

t.test('a clock on the wall shows the hour that comes twice under one name', async (t) => {
  const london = calendarFor('Europe/London')
  const start = london.startOfDay('2013-10-27')
  t.same(
    [0, 1, 2, 3].map((hours) => localMinute(london, start + hours * hourMs).slice(11)),
    ['00:00', '01:00', '01:00', '02:00'],
  )
  t.equal(localMinute(london, start - minuteMs), '2013-10-26 23:59')
})

const zones = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Caracas',
  'America/Havana',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Asia/Pyongyang',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Europe/London',
  'Europe/Moscow',
  'Pacific/Apia',
]

t.test(
  'from 1990 to 2037 every instant belongs to one day, and a day is a number of quarters of an hour',
  async (t) => {
    for (const zone of zones) {
      const calendar = calendarFor(zone)
      let [start, changed] = [calendar.startOfDay('1990-01-01'), 0]
      const wrong: string[] = []
      for (const date of datesIn('1990-01-01', '2038-01-01')) {
        const end = calendar.startOfDay(addDays(date, 1))
        const minutes = (end - start) / minuteMs
        if (minutes !== 24 * 60) changed++
        if (!(minutes >= 0) || minutes % 15 !== 0) wrong.push(`${date} ${minutes}`)
        // Where a day is longer or shorter, all of its quarters are looked at.
        const step = minutes === 24 * 60 ? Math.max(1, end - start - 1) : 15 * minuteMs
        for (let at = start; at < end; at += step) if (calendar.dateAt(at) !== date) wrong.push(`${date} ${at}`)
        start = end
      }
      t.same(wrong, [], zone)
      t.comment(`${zone}: ${changed} days of another length`)
    }
  },
)
