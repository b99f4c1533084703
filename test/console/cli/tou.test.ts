import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { withDatabase } from '../../support/database.js'
import { plantApprovers } from '../../support/people.js'
import { importSmallUtility, midnight } from '../../mdm/support/small-utility.js'
import { plantRead, plantVersion } from '../../mdm/tou-tables/plant.js'
import { eightToTwenty, residentialCalendar, touTables } from '../../mdm/tou-tables/tables.js'
import { createFakeIo } from './fake-io.js'

const zones = [{ from: '01-01', dayTable: 1 }]
const heating = touTables({
  sets: [
    { zones, dayTables: [eightToTwenty] },
    { zones, dayTables: [eightToTwenty] },
  ],
})
const days = ['--from', '2026-07-01', '--to', '2026-08-01']
const tariff = 'sd-residential-tou'

await t.test('tables are shown, compared and asked about by date, for people and for programs', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  await plantApprovers(database.as('owner'), ['one', 'two', 'three'])
  await plantVersion(database, { version: 1, from: '2026-01-01', to: null, calendar: residentialCalendar })
  await plantRead(database, 1n, midnight(0), touTables())
  await plantRead(database, 2n, midnight(0), heating)
  const env = { DATABASE_URL: database.url('owner'), SHUANGWU_READER_DATABASE_URL: database.url('reader') }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd: t.testdir({}), env })
    const exitCode = await runCli(['tou', ...args], io)
    return { exitCode, out: io.outText(), err: io.errText() }
  }

  const shown = await run('show', 'meter-2', '--on', '2026-07-02')
  t.match(shown.out, /使用中 in use[^]*表 meter {3}4{16}2{24}4{8}[^]*异 differs {41}\^{4}\n[^]*不符 differs/)
  t.match(JSON.parse((await run('show', 'meter-1', '--on', '2026-07-02', '--json')).out), {
    meter: 'meter-1',
    day: { date: '2026-07-02', verdict: { verdict: 'agrees' }, tariff: { code: tariff, version: 1 } },
  })
  t.match((await run('show', 'meter-3')).out, /从未召测/)
  t.match(await run('show', 'meter-9'), { exitCode: 1, err: /无此电表/ })
  t.match(await run('show', 'meter-1', '--on', '2026-02-30'), { exitCode: 2, err: /--on 2026-02-30/ })

  const compared = await run('compare', '--tariff', tariff, ...days)
  t.match(
    compared.out,
    /meter-2[^]*20:00-22:00 on 31 days[^]*meter-3[^]*never read[^]*agrees 1 · 不符 differs 1 · 不明 unknown 1/,
  )
  t.notMatch(compared.out, /meter-1/, 'what agrees is only counted')
  t.match(JSON.parse((await run('compare', '--tariff', tariff, ...days, '--area', 'area-1', '--json')).out), {
    counts: { agrees: 1, differs: 1, unknown: 1 },
    meters: [{ meter: 'meter-1' }, { meter: 'meter-2', differences: [{ from: '20:00', to: '22:00', days: 31 }] }, {}],
  })
  t.match(await run('compare', '--tariff', tariff, '--from', '2026-07-01', '--to', '2026-07-01'), { exitCode: 2 })
  t.match(await run('compare', '--tariff', 'nope', ...days), { exitCode: 1, err: /nope: 无此电价/ })

  const listed = await run('not-switched', '--date', '2026-07-01', '--json')
  t.match(JSON.parse(listed.out), {
    meters: 3,
    notSwitched: [
      { meter: 'meter-2', reason: 'not_loaded', planned: [] },
      { meter: 'meter-3', reason: 'never_read', lastReadAt: null },
    ],
  })
})
