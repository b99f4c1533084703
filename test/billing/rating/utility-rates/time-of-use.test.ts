import t from 'tap'
import { dollars, type Given, hours, intervals, linesOf, totalsOf } from '../offline.js'

/** Residential time of use of NREL SAM's utility rate cases: four periods by month and hour. */
const sam = {
  name: 'sam',
  slots: [
    {
      name: 'two',
      when: [{ months: [1, 2, 3, 4, 11, 12], days: ['weekday'], windows: [{ from: '10:00', to: '15:00' }] }],
    },
    {
      name: 'three',
      when: [{ months: [1, 2, 3, 4, 11, 12], days: ['weekday'], windows: [{ from: '15:00', to: '20:00' }] }],
    },
    {
      name: 'four',
      when: [{ months: [5, 6, 7, 8, 9, 10], days: ['weekday'], windows: [{ from: '15:00', to: '20:00' }] }],
    },
    { name: 'one', otherwise: true },
  ],
}
const samPrices = { one: '0.1', two: '0.05', three: '0.2', four: '0.25' }

t.test('time of use', async (t) => {
  // NREL/ssc, test/ssc_test/cmod_utilityrate5_test.cpp (schedule and prices); a flat load of 1 kW for a week from Monday.
  const week = (start: string, end: string): Given => ({
    tariff: dollars,
    components: [
      { code: 'energy', kind: 'usage', slots: { calendar: 'sam' }, model: { kind: 'per_unit', prices: samPrices } },
    ],
    version: { calendars: [sam] },
    periods: [{ start, end, quantities: [intervals(start, hours(168))] }],
    usage: { zone: 'America/Phoenix' },
  })
  t.equal(totalsOf(week('2026-01-05', '2026-01-12')), '18.05')
  t.equal(totalsOf(week('2026-06-01', '2026-06-08')), '20.55')
  // Over the end of October: three days of four and two of the winter periods.
  t.equal(totalsOf(week('2025-10-29', '2025-11-05')), '19.55')
})

t.test('the hour that clocks skip or repeat', async (t) => {
  const calendar = {
    name: 'day',
    slots: [
      { name: 'night', when: [{ windows: [{ from: '00:00', to: '06:00' }] }] },
      { name: 'day', otherwise: true },
    ],
  }
  const day = (start: string, end: string, count: number): readonly string[] =>
    linesOf({
      components: [
        {
          code: 'energy',
          kind: 'usage',
          slots: { calendar: 'day' },
          model: { kind: 'per_unit', prices: { night: '1', day: '2' } },
        },
      ],
      version: { calendars: [calendar] },
      periods: [{ start, end, quantities: [intervals(start, hours(count))] }],
      usage: { zone: 'Europe/Berlin' },
    })
  t.same(day('2026-03-29', '2026-03-30', 23), ['energy night: 5 × 1 = 5.00', 'energy day: 18 × 2 = 36.00'])
  t.same(day('2026-10-25', '2026-10-26', 25), ['energy night: 7 × 1 = 7.00', 'energy day: 18 × 2 = 36.00'])
})

t.test('time of use × blocks, in all three ways of sharing', async (t) => {
  const calendar = {
    name: 'day',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '12:00', to: '24:00' }] }] },
      { name: 'off', otherwise: true },
    ],
  }
  const blocks = [{ upTo: '30', prices: { peak: '0.3', off: '0.1' } }, { prices: { peak: '0.5', off: '0.2' } }]
  const shared = (sharing: string): readonly string[] =>
    linesOf({
      components: [
        { code: 'energy', kind: 'usage', slots: { calendar: 'day' }, model: { kind: 'graduated', sharing, blocks } },
      ],
      version: { calendars: [calendar] },
      period: {
        end: '2026-06-03',
        quantities: [intervals('2026-06-01', [...hours(12), ...hours(12, 2), ...hours(12), ...hours(12, 2)])],
      },
    })
  // 24 kWh off peak, 48 on peak; in order of time 12, 24, 12, 24.
  t.same(shared('per_slot'), [
    'energy peak/1: 30 × 0.3 = 9.00',
    'energy peak/2: 18 × 0.5 = 9.00',
    'energy off/1: 24 × 0.1 = 2.40',
  ])
  t.same(shared('proportional'), [
    'energy peak/1: 20 × 0.3 = 6.00',
    'energy peak/2: 28 × 0.5 = 14.00',
    'energy off/1: 10 × 0.1 = 1.00',
    'energy off/2: 14 × 0.2 = 2.80',
  ])
  t.same(shared('time_order'), [
    'energy off/1: 12 × 0.1 = 1.20',
    'energy peak/1: 18 × 0.3 = 5.40',
    'energy peak/2: 30 × 0.5 = 15.00',
    'energy off/2: 12 × 0.2 = 2.40',
  ])
})

t.test(
  'a holiday as a Sunday is a weekend, a Saturday made up for as a Monday is not; nothing is left out',
  async (t) => {
    const used = (days: readonly string[], specialDays: readonly object[], called: readonly object[] = []) =>
      linesOf({
        components: [
          {
            code: 'energy',
            kind: 'usage',
            slots: { calendar: 'day' },
            model: { kind: 'per_unit', prices: { low: '1', high: '2' } },
          },
        ],
        version: {
          calendars: [
            {
              name: 'day',
              specialDays,
              slots: [
                { name: 'low', when: [{ days }] },
                { name: 'high', when: [{ days: ['weekday'] }] },
              ],
            },
          ],
        },
        period: { quantities: [intervals('2026-06-01', hours(30), { minutes: 1440 })] },
        usage: { specialDays: called },
      }).map((line) => line.replace(/ ×.*/, ''))
    const holiday = { date: '2026-06-19', as: 'sunday' }
    const madeUp = { date: '2026-06-27', as: 'monday' }
    const plain = ['energy low: 8', 'energy high: 22']
    const [more, less] = [
      ['energy low: 9', 'energy high: 21'],
      ['energy low: 7', 'energy high: 23'],
    ]
    t.same(used(['weekend'], []), plain)
    t.same(used(['weekend'], [holiday]), more)
    t.same(used(['saturday', 'sunday'], [holiday]), more)
    t.same(used(['weekend'], [madeUp]), less)
    t.same(used(['weekend'], [holiday, madeUp]), plain)
    t.same(used(['weekend'], [], [holiday]), more, 'called by the usage')
    t.same(used(['weekend'], [], [{ ...holiday, as: 'weekend' }]), more)
  },
)

t.test('days that were called, and intervals that were named', async (t) => {
  const calendar = {
    name: 'day',
    slots: [
      { name: 'hot', when: [{ days: ['hot'], windows: [{ from: '12:00', to: '14:00' }] }] },
      { name: 'event', intervals: [{ start: '2026-06-01T03:00', end: '2026-06-01T05:00' }] },
      { name: 'other', otherwise: true },
    ],
  }
  const prices = { hot: '3', event: '9', other: '1' }
  const given: Given = {
    components: [{ code: 'energy', kind: 'usage', slots: { calendar: 'day' }, model: { kind: 'per_unit', prices } }],
    version: { calendars: [calendar] },
    period: { end: '2026-06-02', quantities: [intervals('2026-06-01', hours(24))] },
  }
  t.same(linesOf({ ...given, usage: { specialDays: [{ date: '2026-06-01', as: 'hot' }] } }), [
    'energy hot: 2 × 3 = 6.00',
    'energy event: 2 × 9 = 18.00',
    'energy other: 20 × 1 = 20.00',
  ])
  t.same(linesOf({ ...given, usage: { specialDays: [{ date: '2026-06-01', as: 'windy' }] } }), [
    'energy event: 2 × 9 = 18.00',
    'energy other: 22 × 1 = 22.00',
  ])
})
