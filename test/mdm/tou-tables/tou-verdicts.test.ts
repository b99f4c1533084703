import t from 'tap'
import type { SlotCalendar } from '../../../domain/slot-calendar.js'
import { hourMs } from '../../../domain/time.js'
import { freezeDeterminants } from '../../../mdm/determinants/freeze-determinants.js'
import { metersNotSwitched } from '../../../mdm/tou-tables/meters-not-switched.js'
import { touFindings } from '../../../mdm/tou-tables/tou-findings.js'
import { touVerdicts } from '../../../mdm/tou-tables/tou-verdicts.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { plantApprovers } from '../../support/people.js'
import { importSmallUtility, midnight, registers, store } from '../support/small-utility.js'
import { plantRead, plantVersion, residentialTou } from './plant.js'
import { at, eightToTwenty, eightToTwentyTwo, residentialCalendar, touTables } from './tables.js'

const code = residentialTou
const zones = [{ from: '01-01', dayTable: 1 }]
const summer = touTables({
  sets: [
    { zones, dayTables: [eightToTwentyTwo] },
    { zones, dayTables: [eightToTwenty] },
  ],
})
const heating = touTables({
  sets: [
    { zones, dayTables: [eightToTwenty] },
    { zones, dayTables: [eightToTwenty] },
  ],
})
const heatingCalendar: SlotCalendar = {
  days: {
    usual: [
      { from: '00:00', slot: 'valley' },
      { from: '08:00', slot: 'peak' },
      { from: '20:00', slot: 'valley' },
    ],
  },
  seasons: [{ from: '01-01', day: 'usual' }],
}
const now = midnight(34)
const july = { from: midnight(1), to: midnight(32) }

async function openUtility(t: Parameters<typeof withDatabase>[0], calendar: SlotCalendar | null = residentialCalendar) {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  await plantApprovers(database.as('owner'), ['one', 'two', 'three'])
  await plantVersion(database, { version: 1, from: '2026-04-01', to: '2026-11-01', calendar })
  await plantVersion(database, { version: 2, from: '2026-11-01', to: '2027-04-01', calendar: heatingCalendar })
  return database
}

t.test('verdicts of many meters follow from their reads and from the signed versions of their tariffs', async (t) => {
  const database = await openUtility(t)
  await plantRead(database, 1n, midnight(1) - hourMs, summer)
  await plantRead(database, 1n, midnight(33), summer)
  await plantRead(database, 2n, midnight(1) - hourMs, heating)
  const periods = [1n, 2n, 3n].map((meterId) => ({ meterId, tariffCode: code, ...july }))
  const found = await touVerdicts(database.as('mdm'), [...periods, { meterId: 1n, tariffCode: 'other', ...july }], now)
  t.same(
    found.map(({ verdict }) => [verdict.verdict, verdict.unknown.map(({ reason }) => reason)]),
    [
      ['agrees', []],
      ['differs', []],
      ['unknown', ['never_read']],
      ['unknown', ['tariff_without_hours']],
    ],
  )
  t.same(await touVerdicts(database.as('mdm'), [], now), [])
})

t.test('findings name the meter, the account and what differs', async (t) => {
  const database = await openUtility(t)
  await plantRead(database, 2n, midnight(1) - hourMs, heating)
  const findings = await touFindings(database.as('mdm'), { ...july, knownAt: now })
  t.match(findings, [
    {
      findingKey: 'tou_tables_differ|2|2|2026-06-30T16:00:00.000Z',
      kind: 'tou_tables_differ',
      meterId: 2n,
      accountId: 2n,
      usagePointId: 2n,
      detail: 'counts tou4 (valley) where the tariff says peak, 20:00-22:00 on 31 days from 2026-07-01',
    },
  ])
})

async function readJuly(database: TestDatabase): Promise<void> {
  await store(
    database,
    [1n, 2n, 3n].flatMap((meterId) => [
      { meterId, readAt: midnight(1), registers: registers(1000_00 + 100 * Number(meterId)) },
      { meterId, readAt: midnight(32), registers: registers(1310_00 + 100 * Number(meterId)) },
    ]),
  )
  await runValidation(database.as('mdm'), { from: midnight(1), to: midnight(33), now })
}

const freeze = { organisation: 'county', periodStart: july.from, periodEnd: july.to, now }

t.test(
  'an account whose meter counted other hours is held, and those whose meters were never asked are not',
  async (t) => {
    const database = await openUtility(t)
    await readJuly(database)
    await plantRead(database, 1n, midnight(1) - hourMs, summer)
    await plantRead(database, 2n, midnight(1) - hourMs, heating)
    const report = await freezeDeterminants(database.as('mdm'), freeze)
    t.match(report, { accountCount: 3, determinantCount: 2 })
    t.match(report.holds, [
      {
        accountId: 2n,
        code: 'tou_tables_differ',
        detail: 'meter meter-2 counts tou4 (valley) where the tariff says peak, 20:00-22:00 on 31 days from 2026-07-01',
      },
    ])
  },
)

t.test('nothing is held while no meter was asked, or the tariff says no hours', async (t) => {
  const asked = await openUtility(t, null)
  await readJuly(asked)
  await plantRead(asked, 2n, midnight(1) - hourMs, heating)
  t.match(await freezeDeterminants(asked.as('mdm'), freeze), { determinantCount: 3, holds: [] })
  const silent = await openUtility(t)
  await readJuly(silent)
  t.match(await freezeDeterminants(silent.as('mdm'), freeze), { determinantCount: 3, holds: [] })
})

t.test('meters that will not count the new hours from the change on are listed with the reason', async (t) => {
  const database = await openUtility(t)
  const november = at('2026-11-01')
  const wish = { date: '2026-11-01', knownAt: now }
  const scope = { tariff: code, meter: null, area: null, crew: null }
  const reasons = async () => {
    const { meters, notSwitched } = await metersNotSwitched(database.as('mdm'), scope, wish)
    return [meters, ...notSwitched.map(({ meter, reason }) => `${meter.meterCode} ${reason}`)]
  }
  t.same(await reasons(), [3, 'meter-1 never_read', 'meter-2 never_read', 'meter-3 never_read'])
  await plantRead(database, 1n, midnight(30), summer, { daySwitchAt: november })
  await plantRead(database, 2n, midnight(30), summer)
  await plantRead(database, 3n, midnight(30), touTables())
  t.same(await reasons(), [3, 'meter-2 switch_not_planned', 'meter-3 not_loaded'])
  await plantRead(database, 2n, midnight(31), summer, { daySwitchAt: at('2026-11-02') })
  await plantRead(database, 3n, midnight(31), summer, { dayTableSet: null })
  t.same(await reasons(), [3, 'meter-2 switch_elsewhen', 'meter-3 tables_incomplete'])
  t.same((await metersNotSwitched(database.as('mdm'), { ...scope, area: 'nowhere' }, wish)).meters, 0)
})
