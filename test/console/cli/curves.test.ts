import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { calendarFor, dayMs, minuteMs } from '../../../domain/time.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { piecesOf } from '../../support/curve-columns.js'
import { plantCurveTown, storePieces } from '../../support/curve-town.js'
import { withDatabase } from '../../support/database.js'
import { createFakeIo } from './fake-io.js'

const start = calendarFor('Europe/London').startOfDay('2013-10-27')

await t.test('days are settled by somebody, and a day is shown with its slots and its registers', async (t) => {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantCurveTown(owner, 'Europe/London', [{ meterId: 1 }, { meterId: 2 }])
  await ensureTimePartitions(owner, start - 7 * dayMs, start + 7 * dayMs)
  const pieces = piecesOf(start - 30 * minuteMs, 30, 1_0000n, Array(51 + 48).fill(2500n))
  await storePieces(
    owner,
    1,
    pieces.filter((_, index) => index !== 11),
  )
  const env = {
    DATABASE_URL: databases.url('owner'),
    SHUANGWU_MDM_DATABASE_URL: databases.url('mdm'),
    SHUANGWU_READER_DATABASE_URL: databases.url('reader'),
  }
  const cwd = t.testdir({})
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    return { code: await runCli(['curves', ...args], io), out: io.outText(), err: io.errText() }
  }
  const settle = (...more: readonly string[]) => run('settle', '--from', '2013-10-27', '--to', '2013-10-28', ...more)
  t.match(await run('show', 'meter-1', '2013-10-27'), { code: 1, err: /no curve is settled/ })
  t.match(await settle('--actor', 'nobody'), { code: 2, err: /nobody of that name/ })
  t.match(await settle('--actor', 'clerk', '--meter', 'meter-9'), { code: 1, err: /no meter of this code/ })
  t.match(await run('settle', '--from', '2013-10-28', '--to', '2013-10-27', '--actor', 'clerk'), { code: 2 })
  t.match(await run('settle', '--from', '2013-10-32', '--to', '2013-10-27', '--actor', 'clerk'), { code: 2 })

  const settled = await settle('--actor', 'clerk', '--json')
  t.equal(settled.code, 0)
  t.match(JSON.parse(settled.out), { meters: 1, days: { complete: 1, filled: 1, held: 0 }, open: 0, written: 2 })
  const again = await settle('--actor', 'clerk', '--meter', 'meter-1')
  t.match(again.out, /revisions appended +│ +0/)
  t.same(await owner.query('select actor_id, meter_id, filled, written from curve_settlement order by recorded_at'), [
    { actor_id: 'clerk', meter_id: null, filled: 1, written: 2 },
    { actor_id: 'clerk', meter_id: 1n, filled: 1, written: 0 },
  ])

  const shown = await run('show', 'meter-1', '2013-10-27')
  t.equal(shown.code, 0)
  t.match(shown.out, /2013-10-27 · 50 × 30 min/)
  t.match(shown.out, /已补全 filled/)
  t.match(shown.out, /1\.25 → 13\.75/)
  t.match(shown.out, /12\.5 · 0 /)
  t.match(shown.out, /0\.25~/)
  t.equal(shown.out.match(/│ 01:00 /g)?.length, 2, 'the hour that comes twice is there twice')
  const document = JSON.parse((await run('show', 'meter-1', '2013-10-27', '--json')).out)
  t.match(document, { meterCode: 'meter-1', days: [{ verdict: 'filled', differenceE4: '0', slots: { length: 50 } }] })
  t.match(document.days[0].slots[10], { energyE4: '2500', quality: 'estimated', start: '2013-10-27T04:00:00.000Z' })
  t.match(await run('show', 'meter-2', '2013-10-27'), { code: 1, err: /no curve is settled/ })
  t.match(await run('show', 'meter-1', '2011-10-27'), { code: 1, err: /no meter of this code was installed/ })
  t.match(await run('show', 'meter-1', 'today'), { code: 2 })
})
