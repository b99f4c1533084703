import t from 'tap'
import { beijing, type Calendar, createFixedOffsetCalendar, dayMs, hourMs, minuteMs } from '../../../domain/time.js'
import { latestDue, nextDue } from '../../../headend/plan/next-due.js'
import type { Every } from '../../../headend/plan/plan-document.js'

const at = (text: string) => Date.parse(`${text}+08:00`)
const day: Every = { unit: 'day' }
const quarter: Every = { unit: 'minutes', minutes: 15 }
const onDay = (number: number): Every => ({ unit: 'month', onDay: number })

t.test('the next due instant lies behind, the last one at or before', async (t) => {
  const cases: readonly (readonly [Every, string, string, string])[] = [
    [day, '2026-03-10T00:00', '2026-03-10T00:00', '2026-03-11T00:00'],
    [day, '2026-03-10T23:59', '2026-03-10T00:00', '2026-03-11T00:00'],
    [day, '2026-12-31T12:00', '2026-12-31T00:00', '2027-01-01T00:00'],
    [onDay(1), '2026-02-28T12:00', '2026-02-01T00:00', '2026-03-01T00:00'],
    [onDay(31), '2026-01-31T00:00', '2026-01-31T00:00', '2026-02-28T00:00'],
    [onDay(31), '2026-02-28T00:01', '2026-02-28T00:00', '2026-03-31T00:00'],
    [onDay(30), '2028-02-28T00:00', '2028-01-30T00:00', '2028-02-29T00:00'],
    [onDay(29), '2026-02-28T00:00', '2026-02-28T00:00', '2026-03-29T00:00'],
    [onDay(15), '2026-12-15T00:01', '2026-12-15T00:00', '2027-01-15T00:00'],
    [quarter, '2026-03-10T10:14:59', '2026-03-10T10:00', '2026-03-10T10:15'],
    [quarter, '2026-03-10T10:15', '2026-03-10T10:15', '2026-03-10T10:30'],
    [quarter, '2026-03-10T23:50', '2026-03-10T23:45', '2026-03-11T00:00'],
  ]
  for (const [every, now, latest, next] of cases) {
    t.equal(latestDue(every, beijing, at(now)), at(latest), `last before ${now}`)
    t.equal(nextDue(every, beijing, at(now)), at(next), `next after ${now}`)
  }
})

t.test('midnights are those of the zone', async (t) => {
  const now = at('2026-03-10T04:00')
  t.equal(nextDue(day, createFixedOffsetCalendar(0), now), Date.UTC(2026, 2, 10))
  t.equal(latestDue(onDay(9), createFixedOffsetCalendar(0), now), Date.UTC(2026, 2, 9))
  t.equal(latestDue(onDay(10), beijing, now), at('2026-03-10T00:00'))
})

t.test(
  'a day on which the clocks change has its own number of slots, counted as elapsed time from midnight',
  async (t) => {
    for (const [date, hours] of [
      ['2026-03-29', 23],
      ['2026-10-25', 25],
    ] as const) {
      const midnight = changing.startOfDay(date)
      let due = midnight
      let slots = 0
      for (; due < midnight + hours * hourMs; due = nextDue(quarter, changing, due)) slots += 1
      t.equal(slots, hours * 4, date)
      t.equal(due, midnight + hours * hourMs, 'the next day begins where the slots end')
      t.equal(nextDue(day, changing, midnight), due)
    }
  },
)

t.test('every due instant is reached by going on from the one before', async (t) => {
  const end = beijing.startOfDay('2027-01-01')
  const dues: number[] = []
  for (
    let due = nextDue(onDay(31), beijing, beijing.startOfDay('2026-01-01') - 1);
    due < end;
    due = nextDue(onDay(31), beijing, due)
  )
    dues.push(due)
  t.equal(dues.length, 12)
  for (const due of dues) t.equal(latestDue(onDay(31), beijing, due + minuteMs), due)
})

/** A zone with summer time in 2026: an hour ahead of UTC, two from the end of March to the end of October, changing at 01:00 UTC. */
const summer = { from: Date.UTC(2026, 2, 29, 1), to: Date.UTC(2026, 9, 25, 1) }
const changing: Calendar = {
  startOfDay: (date) => {
    const utc = Date.parse(`${date}T00:00:00Z`)
    return utc - offsetAt(utc - hourMs)
  },
  startOfDayAt: (instant) => changing.startOfDay(changing.dateAt(instant)),
  dateAt: (instant) => new Date(instant + offsetAt(instant)).toISOString().slice(0, 10),
  minuteOfDay: (instant) => ((instant + offsetAt(instant)) % dayMs) / minuteMs,
}
function offsetAt(instant: number): number {
  return instant >= summer.from && instant < summer.to ? 2 * hourMs : hourMs
}
