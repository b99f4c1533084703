import t from 'tap'
import { checkCalendar } from '../../../domain/slot-calendar.js'
import { dayTypesOf, minutesBySlot } from '../../../domain/slot-hours.js'
import { datesIn } from '../../../domain/time.js'
import { minutesOfDay, valueAt } from '../../../mdm/tou-tables/day-slots.js'
import { countedSetSchema, hoursOfSlotSet } from '../../../mdm/tou-tables/hours-of-slot-set.js'
import { slotsOfTariff } from '../../../mdm/tou-tables/slots-of-tariff.js'

const evening = [{ from: '17:00', to: '22:00' }]
const night = [{ from: '22:00', to: '06:00' }]
const rest = { name: 'flat', otherwise: true }
const registers = { tou1: 'sharp', tou2: 'peak', tou3: 'flat', tou4: 'valley' }

t.test('calendars of components are hours that a meter holds, on every day', (t) => {
  const sets: readonly (readonly [title: string, set: object])[] = [
    ['one day all the year', { slots: [{ name: 'valley', when: [{ windows: night }] }, rest] }],
    [
      'months, over the year end too, and days of the year',
      {
        slots: [
          { name: 'sharp', when: [{ months: [1, 7, 12], windows: evening }] },
          {
            name: 'peak',
            when: [{ dates: { from: '11-15', to: '03-15' }, windows: [{ from: '08:00', to: '11:30' }] }],
          },
          rest,
        ],
      },
    ],
    [
      'weekends, holidays and a working day among the rest days',
      {
        specialDays: [
          { date: '2026-10-01', as: 'holiday' },
          { date: '2026-10-10', as: 'weekday' },
        ],
        slots: [
          { name: 'peak', when: [{ days: ['weekday'], months: [6, 7, 8], windows: evening }] },
          { name: 'valley', when: [{ days: ['holiday'] }, { days: ['weekend'], windows: night }] },
          rest,
        ],
      },
    ],
    [
      'a holiday as a Sunday, a Saturday as a Monday',
      {
        specialDays: [
          { date: '2026-10-01', as: 'sunday' },
          { date: '2026-10-10', as: 'monday' },
        ],
        slots: [
          { name: 'peak', when: [{ days: ['weekday'], windows: evening }] },
          { name: 'valley', when: [{ days: ['weekend'], windows: night }] },
          rest,
        ],
      },
    ],
    ['a weekend of one day', { weekend: ['sunday'], slots: [{ name: 'valley', when: [{ days: ['weekend'] }] }, rest] }],
    ['one day of the week', { slots: [{ name: 'valley', when: [{ days: ['sunday'] }] }, rest] }],
  ]
  for (const [title, said] of sets) {
    const set = countedSetSchema.parse({ registers, ...said })
    const calendar = hoursOfSlotSet(set)!
    t.same(checkCalendar(calendar), [], title)
    const special = new Map(set.specialDays.map(({ date, as }) => [date, as]))
    const wrong = [...datesIn('2026-01-01', '2027-01-01'), ...datesIn('2028-02-27', '2028-03-02')].filter((date) => {
      const meter = slotsOfTariff(calendar, date)
      const tariff = minutesBySlot(set, date, dayTypesOf(set, special, date))
      return Array.from({ length: minutesOfDay }, (_, minute) => minute).some(
        (minute) => valueAt(meter, minute) !== tariff[minute],
      )
    })
    t.same(wrong, [], title)
  }
  t.end()
})

t.test('what no meter counts has no hours', (t) => {
  const cases: readonly (readonly [title: string, set: object])[] = [
    ['slots of another name', { slots: [{ name: 'deep_valley', otherwise: true }] }],
    ['time without a slot', { partial: true, slots: [rest] }],
    ['intervals', { slots: [{ name: 'sharp', intervals: [{ start: '2026-07-01', end: '2026-07-02' }] }, rest] }],
    ['a calendar without registers', { registers: undefined, slots: [rest] }],
  ]
  for (const [title, set] of cases) t.notOk(countedSetSchema.safeParse({ registers, ...set }).success, title)
  const threeKinds = {
    slots: [
      { name: 'valley', when: [{ days: ['sunday'] }] },
      { name: 'sharp', when: [{ days: ['saturday'], windows: evening }] },
      rest,
    ],
  }
  t.equal(hoursOfSlotSet(countedSetSchema.parse({ registers, ...threeKinds })), null, 'three kinds of day of the week')
  t.end()
})
