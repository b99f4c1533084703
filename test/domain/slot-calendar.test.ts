import t from 'tap'
import { checkCalendar, type SlotCalendar, slotCalendarSchema } from '../../domain/slot-calendar.js'

const sound: SlotCalendar = {
  days: { usual: [{ from: '00:00', slot: 'flat' }], rest: [{ from: '00:00', slot: 'valley' }] },
  seasons: [{ from: '01-01', day: 'usual', restDay: 'rest' }],
  restWeekdays: ['sunday'],
}

const cases: readonly (readonly [change: Partial<SlotCalendar>, kinds: readonly string[]])[] = [
  [{}, []],
  [{ days: { ...sound.days, usual: [{ from: '01:00', slot: 'flat' }] } }, ['hours_out_of_order']],
  [
    {
      days: {
        ...sound.days,
        usual: [
          { from: '00:00', slot: 'flat' },
          { from: '00:00', slot: 'peak' },
        ],
      },
    },
    ['hours_out_of_order'],
  ],
  [{ seasons: [...sound.seasons, { from: '01-01', day: 'rest' }] }, ['season_repeated']],
  [{ seasons: [{ from: '01-01', day: 'winter', restDay: 'rest' }] }, ['day_unknown']],
  [{ seasons: [{ from: '01-01', day: 'usual' }] }, ['rest_day_unused']],
  [
    {
      holidays: [
        { date: '2026-10-01', day: 'rest' },
        { date: '2026-10-01', day: 'usual' },
      ],
    },
    ['holiday_repeated'],
  ],
]

t.test('what would leave a minute without a slot, or with two, is named', async (t) => {
  for (const [change, kinds] of cases) {
    const calendar = { ...sound, ...change }
    t.ok(slotCalendarSchema.safeParse(calendar).success)
    t.same(
      checkCalendar(calendar).map(({ kind }) => kind),
      kinds,
      JSON.stringify(change),
    )
  }
})

t.test('a day that does not exist and a slot that no tariff has are refused', async (t) => {
  t.notOk(slotCalendarSchema.safeParse({ ...sound, seasons: [{ from: '13-01', day: 'usual' }] }).success)
  t.notOk(slotCalendarSchema.safeParse({ ...sound, days: { usual: [{ from: '24:00', slot: 'flat' }] } }).success)
  t.notOk(slotCalendarSchema.safeParse({ ...sound, days: { usual: [{ from: '00:00', slot: 'cheap' }] } }).success)
})
