import t from 'tap'
import type { LocalDate } from '../../../domain/time.js'
import type { TouTables, TouUse } from '../../../domain/tou-tables.js'
import { minuteText } from '../../../mdm/tou-tables/day-slots.js'
import { setAt, slotsOfMeter } from '../../../mdm/tou-tables/slots-of-meter.js'
import { at, dayTable, eightToTwenty, eightToTwentyTwo, firstSets, touTables } from './tables.js'

const flat = dayTable(['00:00', 3])
const holidayDay = dayTable(['00:00', 1])
const lateStart = dayTable(['07:00', 2], ['23:00', 4])

const seasons = touTables({
  sets: [
    {
      zones: [
        { from: '03-01', dayTable: 1 },
        { from: '11-15', dayTable: 2 },
      ],
      dayTables: [eightToTwentyTwo, eightToTwenty, flat, holidayDay],
    },
    { zones: [{ from: '01-01', dayTable: 1 }], dayTables: [lateStart] },
  ],
  holidays: [{ date: '2026-10-01', dayTable: 4 }],
  rest: { weekdays: [0, 6], dayTable: 3 },
})

const summer = '00:00=4 08:00=2 22:00=4'
const winter = '00:00=4 08:00=2 20:00=4'
const second = '00:00=4 07:00=2 23:00=4'

const cases: readonly (readonly [what: string, date: LocalDate, use: Partial<TouUse>, day: string])[] = [
  ['a season from its first day on', '2026-11-16', {}, winter],
  ['a season on the day before the next', '2026-11-13', {}, summer],
  ['a season that began last year goes on over New Year', '2027-01-04', {}, winter],
  ['the day before the first zone of the year', '2026-02-27', {}, winter],
  ['the first day of the first zone of the year, a rest day', '2026-03-01', {}, '00:00=3'],
  ['29 February is a day like any other', '2028-02-29', {}, winter],
  ['a rest day', '2026-07-04', {}, '00:00=3'],
  ['a holiday', '2026-10-01', {}, '00:00=1'],
  [
    'the second sets: what counts before the first slot is the last one, round midnight',
    '2026-07-01',
    { zoneTable: 2, dayTableSet: 2 },
    second,
  ],
  [
    'a change-over at midnight, the day before',
    '2026-07-01',
    { zoneSwitchAt: at('2026-07-02'), daySwitchAt: at('2026-07-02') },
    summer,
  ],
  [
    'a change-over at midnight, from the day on',
    '2026-07-02',
    { zoneSwitchAt: at('2026-07-02'), daySwitchAt: at('2026-07-02') },
    second,
  ],
  [
    'zones change over at noon and day tables in the evening',
    '2026-07-01',
    { zoneSwitchAt: at('2026-07-01', 12), daySwitchAt: at('2026-07-01', 22, 30) },
    '00:00=4 08:00=2 22:00=4 22:30=2 23:00=4',
  ],
  [
    'only the day tables change over',
    '2026-07-01',
    { daySwitchAt: at('2026-07-01', 7, 30) },
    '00:00=4 07:30=2 23:00=4',
  ],
]

t.test('which register counts at each minute of a day', async (t) => {
  for (const [what, date, use, expected] of cases) {
    const day = slotsOfMeter({ tables: seasons, use: { ...firstSets, ...use }, readAt: at('2026-06-01') }, date)
    t.equal(
      day.ok && day.value.map(({ fromMinute, value }) => `${minuteText(fromMinute)}=${value}`).join(' '),
      expected,
      what,
    )
  }
})

const incomplete: readonly (readonly [what: string, tables: TouTables, use: Partial<TouUse>, item: string])[] = [
  ['a meter that does not say which set counts', seasons, { zoneTable: null }, '04000503'],
  [
    'no zones',
    touTables({
      sets: [
        { zones: null, dayTables: [flat] },
        { zones: null, dayTables: [] },
      ],
    }),
    {},
    '04010000',
  ],
  [
    'a zone that names a table that is not there',
    touTables({
      sets: [
        { zones: [{ from: '01-01', dayTable: 2 }], dayTables: [flat] },
        { zones: null, dayTables: [] },
      ],
    }),
    {},
    '04010002',
  ],
  [
    'rest days that were refused',
    touTables({ rest: null, absent: [{ item: '04000801', cause: 'refused' }] }),
    {},
    '04000801',
  ],
  ['a holiday that is none', touTables({ absent: [{ item: '04030003', cause: 'invalid_value' }] }), {}, '04030003'],
]

t.test('a day that the tables do not tell names the item that is missing', async (t) => {
  for (const [what, tables, use, item] of incomplete)
    t.same(
      slotsOfMeter({ tables, use: { ...firstSets, ...use }, readAt: at('2026-06-01') }, '2026-07-01'),
      { ok: false, error: { kind: 'tables_incomplete', item } },
      what,
    )
})

t.test('a meter without rest days has none', async (t) => {
  const tables = touTables({ rest: null, absent: [{ item: '04000801', cause: 'no_such_data' }] })
  t.match(slotsOfMeter({ tables, use: firstSets, readAt: 0 }, '2026-07-04'), { ok: true })
})

const sides: readonly (readonly [
  found: 1 | 2 | null,
  switchAt: number | null,
  readAt: number,
  at: number,
  set: 1 | 2 | null,
])[] = [
  [1, null, 10, 99, 1],
  [null, 50, 10, 99, null],
  [1, 50, 10, 49, 1],
  [1, 50, 10, 50, 2],
  [2, 50, 60, 50, 2],
  [2, 50, 60, 49, 1],
  [2, 50, 60, 99, 2],
]

t.test('which set counts on either side of a change-over and of the read', async (t) => {
  for (const [found, switchAt, readAt, moment, set] of sides)
    t.equal(setAt(found, switchAt, readAt, moment), set, JSON.stringify([found, switchAt, readAt, moment]))
})
