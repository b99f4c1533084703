import t from 'tap'
import type { SlotCalendar } from '../../../domain/slot-calendar.js'
import type { LocalDate } from '../../../domain/time.js'
import { minuteText } from '../../../mdm/tou-tables/day-slots.js'
import { slotsOfTariff } from '../../../mdm/tou-tables/slots-of-tariff.js'

const calendar: SlotCalendar = {
  days: {
    summer: [
      { from: '00:00', slot: 'valley' },
      { from: '08:00', slot: 'peak' },
      { from: '22:00', slot: 'valley' },
    ],
    heating: [
      { from: '00:00', slot: 'valley' },
      { from: '08:00', slot: 'peak' },
      { from: '20:00', slot: 'valley' },
    ],
    rest: [{ from: '00:00', slot: 'flat' }],
  },
  seasons: [
    { from: '11-01', day: 'heating' },
    { from: '04-01', day: 'summer', restDay: 'rest' },
  ],
  restWeekdays: ['saturday', 'sunday'],
  holidays: [
    { date: '2026-10-01', day: 'rest' },
    { date: '2026-10-10', day: 'summer' },
  ],
}

const days: readonly (readonly [what: string, date: LocalDate, day: string])[] = [
  ['a working day of a season', '2026-07-01', '00:00 valley, 08:00 peak, 22:00 valley'],
  ['a rest day of it', '2026-07-04', '00:00 flat'],
  ['a rest day of a season without any', '2026-11-07', '00:00 valley, 08:00 peak, 20:00 valley'],
  ['a season that goes on over New Year', '2027-03-31', '00:00 valley, 08:00 peak, 20:00 valley'],
  ['its end', '2027-04-01', '00:00 valley, 08:00 peak, 22:00 valley'],
  ['a holiday', '2026-10-01', '00:00 flat'],
  ['a Saturday on which people work for it', '2026-10-10', '00:00 valley, 08:00 peak, 22:00 valley'],
]

t.test('which slot each minute of a day belongs to', async (t) => {
  for (const [what, date, expected] of days) {
    const slots = slotsOfTariff(calendar, date).map(({ fromMinute, value }) => `${minuteText(fromMinute)} ${value}`)
    t.equal(slots.join(', '), expected, what)
  }
})
