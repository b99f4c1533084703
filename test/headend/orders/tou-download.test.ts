import t from 'tap'
import {
  partsOfDownload,
  planTouDownload,
  touDownloadSchema,
  type WantedTouTables,
} from '../../../headend/orders/tou-download.js'
import { eightToTwenty, eightToTwentyTwo, firstSets, touTables } from '../../mdm/tou-tables/tables.js'

const wanted: WantedTouTables = {
  zones: [
    { from: '04-01', dayTable: 1 },
    { from: '11-01', dayTable: 2 },
  ],
  dayTables: [eightToTwentyTwo, eightToTwenty],
  switchAt: '2026-11-01T00:00',
}
const roomy = touTables({ counts: { zones: 4, dayTables: 2, daySlots: 5, tariffs: 4, holidays: 0 } })

t.test(
  'the sets that are not in use are written, padded to their places, and the change-over comes last',
  async (t) => {
    const plan = planTouDownload(wanted, { tables: roomy, use: firstSets })
    t.ok(plan.ok)
    if (!plan.ok) return
    t.ok(touDownloadSchema.safeParse(plan.value).success)
    t.same(
      partsOfDownload(plan.value).map(({ kind, parameters }) => [kind, parameters.item, parameters.values.join(' ')]),
      [
        ['tariff_table', '04020001', '000004 080002 220004 220004 220004'],
        ['tariff_table', '04020002', '000004 080002 200004 200004 200004'],
        ['tariff_table', '04020000', '040101 110102 110102 110102'],
        ['tariff_switch', '04000106', '2026-11-01T00:00'],
        ['tariff_switch', '04000107', '2026-11-01T00:00'],
      ],
    )
  },
)

t.test('each set goes where it does not count now', async (t) => {
  const plan = planTouDownload(wanted, { tables: roomy, use: { ...firstSets, dayTableSet: 2 } })
  t.match(plan, { value: { target: { zoneTable: 2, dayTableSet: 1 } } })
})

const counts = { zones: 4, dayTables: 2, daySlots: 5, tariffs: 4, holidays: 0 }
const limits: readonly (readonly [change: Partial<typeof counts>, kind: string])[] = [
  [{ zones: 1 }, 'too_many_zones'],
  [{ dayTables: 1 }, 'too_many_day_tables'],
  [{ daySlots: 2 }, 'too_many_day_slots'],
  [{ tariffs: 3 }, 'too_many_tariffs'],
]

t.test('what a meter has no room for is refused by name', async (t) => {
  for (const [change, kind] of limits) {
    const tables = touTables({ counts: { ...counts, ...change } })
    t.match(planTouDownload(wanted, { tables, use: firstSets }), { ok: false, error: { kind } }, kind)
  }
  const silent = touTables({ counts: { ...counts, daySlots: null } })
  for (const meter of [
    null,
    { tables: silent, use: firstSets },
    { tables: roomy, use: { ...firstSets, zoneTable: null } },
  ])
    t.match(planTouDownload(wanted, meter), { error: { kind: 'tables_unknown' } })
})

const sound = {
  target: { zoneTable: 2, dayTableSet: 2 },
  zones: [{ from: '01-01', dayTable: 1 }],
  dayTables: [[{ fromMinute: 0, tariff: 4 }]],
  switchAt: '2026-11-01T00:00',
  places: { zones: 1, daySlots: 1 },
}
const broken: readonly (readonly [what: string, change: object])[] = [
  ['a zone without its table', { zones: [{ from: '01-01', dayTable: 2 }] }],
  [
    'zones out of order',
    {
      zones: [
        { from: '02-01', dayTable: 1 },
        { from: '01-01', dayTable: 1 },
      ],
      places: { zones: 2, daySlots: 1 },
    },
  ],
  ['a day that begins late', { dayTables: [[{ fromMinute: 1, tariff: 4 }]] }],
  [
    'more slots than places',
    {
      dayTables: [
        [
          { fromMinute: 0, tariff: 4 },
          { fromMinute: 1, tariff: 2 },
        ],
      ],
    },
  ],
  ['a moment that does not exist', { switchAt: '2026-02-30T00:00' }],
  ['a third set', { target: { zoneTable: 3, dayTableSet: 2 } }],
]

t.test('tables that say nothing sound are refused', async (t) => {
  t.ok(touDownloadSchema.safeParse(sound).success)
  for (const [what, change] of broken) t.notOk(touDownloadSchema.safeParse({ ...sound, ...change }).success, what)
})
