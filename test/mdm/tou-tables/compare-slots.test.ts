import fc from 'fast-check'
import t from 'tap'
import { checkCalendar, type SlotCalendar, weekdays } from '../../../domain/slot-calendar.js'
import { addDays } from '../../../domain/time.js'
import { compareSlots } from '../../../mdm/tou-tables/compare-slots.js'
import { minuteText } from '../../../mdm/tou-tables/day-slots.js'
import { tablesOfTariff } from '../../../mdm/tou-tables/tables-of-tariff.js'
import { at, dayTable, eightToTwenty, eightToTwentyTwo, firstSets, hours, loadedWith, touTables } from './tables.js'

const tables = (day: typeof eightToTwenty) =>
  touTables({
    sets: [
      { zones: [{ from: '01-01', dayTable: 1 }], dayTables: [day] },
      { zones: null, dayTables: [] },
    ],
  })

function compared(day: typeof eightToTwenty, parts: Parameters<typeof hours>[0] = {}): readonly string[] {
  const read = { tables: tables(day), use: firstSets, readAt: 0 }
  const { differences } = compareSlots(read, [hours(parts)], '2026-07-01', '2026-07-03')
  return differences.map(
    ({ date, fromMinute, toMinute, register, meterSlot, tariffSlot }) =>
      `${date.slice(8)} ${minuteText(fromMinute)}-${minuteText(toMinute)} tou${register} ${meterSlot} for ${tariffSlot}`,
  )
}

t.test('minutes and dates that differ are named', async (t) => {
  t.same(compared(eightToTwentyTwo), [])
  t.same(compared(eightToTwenty), ['01 20:00-22:00 tou4 valley for peak', '02 20:00-22:00 tou4 valley for peak'])
  t.same(
    compared(dayTable(['00:00', 4], ['08:00', 3], ['22:00', 4])).slice(0, 1),
    ['01 08:00-22:00 tou3 null for peak'],
    'a register that the tariff does not know',
  )
})

t.test('two registers that count one slot are no difference', async (t) => {
  const split = dayTable(['00:00', 4], ['08:00', 1], ['12:00', 2], ['22:00', 4])
  t.same(compared(split, { registers: ['peak', 'peak', null, 'valley'] }), [])
})

t.test('a day without hours, or without tables, cannot be compared', async (t) => {
  const read = { tables: tables(eightToTwentyTwo), use: { ...firstSets, zoneTable: 2 as const }, readAt: 0 }
  t.same(compareSlots(read, [hours({ validFrom: '2026-07-02' })], '2026-07-01', '2026-07-03').incomparable, [
    { date: '2026-07-01', reason: 'tariff_without_hours', item: null },
    { date: '2026-07-02', reason: 'tables_incomplete', item: '04020000' },
  ])
})

const slotNames = ['sharp', 'peak', 'flat', 'valley'] as const
const day = fc
  .tuple(
    fc.constantFrom(...slotNames),
    fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 95 }), fc.constantFrom(...slotNames)), {
      maxLength: 12,
      selector: ([quarter]) => quarter,
    }),
  )
  .map(([first, changes]) => [
    { from: '00:00', slot: first },
    ...changes
      .toSorted(([left], [right]) => left - right)
      .map(([quarter, slot]) => ({ from: minuteText(quarter * 15), slot })),
  ])
const monthDay = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([month, date]) => `${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`)
const dayNames = ['a', 'b', 'c', 'd'] as const
const calendar: fc.Arbitrary<SlotCalendar> = fc
  .record({
    days: fc.tuple(day, day, day, day),
    seasons: fc.uniqueArray(fc.tuple(monthDay, fc.constantFrom(...dayNames)), {
      minLength: 1,
      maxLength: 8,
      selector: ([from]) => from,
    }),
    rest: fc.option(
      fc.tuple(
        fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...dayNames),
      ),
    ),
    holidays: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.constantFrom(...dayNames)), {
      maxLength: 6,
      selector: ([offset]) => offset,
    }),
  })
  .map(({ days: [a, b, c, d], seasons, rest, holidays }) => ({
    days: { a, b, c, d },
    seasons: seasons.map(([from, name]) => ({ from, day: name, ...(rest === null ? {} : { restDay: rest[1] }) })),
    ...(rest === null ? {} : { restWeekdays: rest[0] }),
    holidays: holidays.map(([offset, name]) => ({ date: addDays('2026-01-01', offset), day: name })),
  }))

t.test('a meter loaded from a tariff always agrees with it, on every day of more than a year', async () => {
  const registers = slotNames
  fc.assert(
    fc.property(calendar, (each) => {
      if (checkCalendar(each).length > 0) return false
      const wanted = tablesOfTariff({ calendar: each, registers })
      if (!wanted.ok) return false
      const read = { tables: loadedWith(wanted.value), use: firstSets, readAt: at('2026-01-01') }
      const { differences, incomparable } = compareSlots(
        read,
        [hours({ calendar: each, registers })],
        '2026-01-01',
        '2027-02-15',
      )
      return differences.length === 0 && incomparable.length === 0
    }),
    { numRuns: 200, seed: 20260701 },
  )
})

t.test('hours that no meter can hold are refused by name', async (t) => {
  const restBySeason: SlotCalendar = {
    days: { a: [{ from: '00:00', slot: 'flat' }], b: [{ from: '00:00', slot: 'valley' }] },
    seasons: [
      { from: '01-01', day: 'a', restDay: 'b' },
      { from: '06-01', day: 'a' },
    ],
    restWeekdays: ['sunday'],
  }
  t.match(tablesOfTariff({ calendar: restBySeason, registers: slotNames }), {
    ok: false,
    error: { kind: 'rest_days_by_season' },
  })
  const quarters = Array.from({ length: 15 }, (_, index) => ({
    from: minuteText(index * 15),
    slot: slotNames[index % 4] ?? 'flat',
  }))
  t.match(
    tablesOfTariff({
      calendar: { days: { a: quarters }, seasons: [{ from: '01-01', day: 'a' }] },
      registers: slotNames,
    }),
    {
      error: { kind: 'too_many_day_slots', found: 15, room: 14 },
    },
  )
})
