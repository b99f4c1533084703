import t from 'tap'
import { minuteText } from '../../../mdm/tou-tables/day-slots.js'
import type { SeenTables } from '../../../mdm/tou-tables/beliefs.js'
import { touVerdict } from '../../../mdm/tou-tables/tou-verdict.js'
import { at, eightToTwenty, eightToTwentyTwo, hours, seenTables, touTables } from './tables.js'

const zones = [{ from: '01-01', dayTable: 1 }]
const right = touTables({
  sets: [
    { zones, dayTables: [eightToTwentyTwo] },
    { zones, dayTables: [eightToTwenty] },
  ],
})
const wrong = touTables({
  sets: [
    { zones, dayTables: [eightToTwenty] },
    { zones, dayTables: [eightToTwenty] },
  ],
})
const silent = touTables({
  sets: [
    { zones: null, dayTables: [] },
    { zones: null, dayTables: [] },
  ],
  absent: [{ item: '04010000', cause: 'no_such_data' }],
})
const [june, july, august] = [at('2026-06-01'), at('2026-07-01'), at('2026-08-01')]
const mid = at('2026-07-15', 12)

const cases: readonly (readonly [
  what: string,
  seen: readonly SeenTables[],
  verdict: string,
  differs: string,
  unknown: string,
])[] = [
  ['never asked', [], 'unknown', '', 'never_read'],
  ['right before and after', [seenTables(right, june, august)], 'agrees', '', ''],
  ['right when it was last looked at', [seenTables(right, june, june)], 'agrees', '', ''],
  ['looked at for the first time in the middle', [seenTables(right, mid, august)], 'unknown', '', 'before_first_read'],
  ['wrong all the time', [seenTables(wrong, june, august)], 'differs', '31 × 20:00-22:00', ''],
  [
    'wrong from the first look on',
    [seenTables(wrong, mid, august)],
    'differs',
    '17 × 20:00-22:00',
    'before_first_read',
  ],
  [
    'wrong, then loaded between two reads',
    [seenTables(wrong, june, mid), seenTables(right, at('2026-07-18', 9), august)],
    'differs',
    '14 × 20:00-22:00',
    'changed_between_reads',
  ],
  [
    'right, then loaded wrongly: since when nobody knows',
    [seenTables(right, june, mid), seenTables(wrong, august, august)],
    'unknown',
    '',
    'changed_between_reads',
  ],
  [
    'different and wrong both times',
    [seenTables(wrong, june, mid), seenTables(silentDay(), august, august)],
    'differs',
    '31 × 20:00-22:00',
    '',
  ],
  [
    'right, and changes over to the wrong set as planned',
    [seenTables(right, june, june, { daySwitchAt: mid })],
    'differs',
    '17 × 20:00-22:00',
    '',
  ],
  [
    'the same, looked at on both sides',
    [
      seenTables(right, june, mid - 1, { daySwitchAt: mid }),
      seenTables(right, mid + 1, august, { dayTableSet: 2, daySwitchAt: mid }),
    ],
    'differs',
    '17 × 20:00-22:00',
    '',
  ],
  [
    'planned to change over, and seen not to have done it',
    [seenTables(right, june, august, { daySwitchAt: mid })],
    'agrees',
    '',
    '',
  ],
  ['without zones', [seenTables(silent, june, august)], 'unknown', '', 'tables_incomplete'],
]

/** Wrong in the same two hours, and otherwise another table. */
function silentDay() {
  return touTables({
    sets: [
      { zones, dayTables: [eightToTwenty, eightToTwentyTwo] },
      { zones, dayTables: [eightToTwenty] },
    ],
  })
}

t.test('the verdict on July', async (t) => {
  for (const [what, seen, verdict, differs, unknown] of cases) {
    const found = touVerdict({ from: july, to: august, seen, versions: [hours()] })
    const days = found.differences.map(
      ({ fromMinute, toMinute }) => `${minuteText(fromMinute)}-${minuteText(toMinute)}`,
    )
    const said = [...new Set(days)].map((day) => `${days.filter((each) => each === day).length} × ${day}`).join(', ')
    t.equal(found.verdict, verdict, what)
    t.equal(said, differs, `${what}: what differs`)
    t.equal([...new Set(found.unknown.map(({ reason }) => reason))].join(', '), unknown, `${what}: what is unknown`)
  }
})

t.test('only the minutes of the period count', async (t) => {
  const seen = [seenTables(wrong, june, august)]
  const evening = { from: at('2026-07-01', 21), to: at('2026-07-02', 20, 30) }
  const { differences } = touVerdict({ ...evening, seen, versions: [hours()] })
  t.same(
    differences.map(({ date, fromMinute, toMinute }) => [date, fromMinute, toMinute]),
    [
      ['2026-07-01', 21 * 60, 22 * 60],
      ['2026-07-02', 20 * 60, 20 * 60 + 30],
    ],
  )
})

t.test('a version that begins in the middle is compared from its first day on', async (t) => {
  const heating = {
    days: {
      usual: [
        { from: '00:00', slot: 'valley' as const },
        { from: '08:00', slot: 'peak' as const },
        { from: '20:00', slot: 'valley' as const },
      ],
    },
    seasons: [{ from: '01-01', day: 'usual' }],
  }
  const versions = [
    hours({ validTo: '2026-07-15' }),
    hours({ version: 2, validFrom: '2026-07-15', calendar: heating, ratesFromCurves: true }),
  ]
  const seen = [seenTables(right, june, june)]
  const found = touVerdict({ from: july, to: august, seen, versions })
  t.match(found, { verdict: 'differs', ratesFromCurves: true })
  t.equal(found.differences[0]?.date, '2026-07-15')
  const switched = [seenTables(right, june, june, { daySwitchAt: at('2026-07-15') })]
  t.match(touVerdict({ from: july, to: august, seen: switched, versions }), { verdict: 'agrees' })
  const late = [seenTables(right, june, june, { daySwitchAt: at('2026-07-16') })]
  t.equal(touVerdict({ from: july, to: august, seen: late, versions }).differences.length, 1)
})
