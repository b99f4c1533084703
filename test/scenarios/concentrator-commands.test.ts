import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../console/cli/run-cli.js'
import { insertTableReport } from '../../storage/headend/concentrator-tables.js'
import { insertConcentratorStatus } from '../../storage/headend/concentrators.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { withDatabase } from '../support/database.js'
import { addressOf, firstMidnight, plantRegistry } from '../support/field-world.js'
import { plantApprovers } from '../support/people.js'

const brokerUrl = 'mqtts://broker.example:8883'

await t.test('from the difference to an approved push, on the command line', async (t) => {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantRegistry(owner, [
    { lineId: 1, code: 'c1', kind: 'mqtt_concentrator', settings: { brokerUrl }, meters: [11, 12] },
    { lineId: 2, code: 'dtu', kind: 'mqtt_concentrator', settings: { brokerUrl, profile: 'air72x-hex' }, meters: [21] },
  ])
  await plantApprovers(owner, ['clerk', 'chief'])
  const headend = databases.as('headend')
  const meters = [11, 99].map((ordinal, index) => ({ terminalPoint: index + 1, address: addressOf(ordinal) }))
  const report = { lineId: 1n, reportedAt: firstMidnight, version: 0, basis: 'report' as const, meters }
  t.equal(await insertTableReport(headend, report, firstMidnight), 1)
  t.equal(await insertTableReport(headend, { ...report, reportedAt: firstMidnight + 1 }, firstMidnight + 1), 0)
  const status = { lineId: 1n, online: true, since: firstMidnight, evidence: 'announced' as const }
  t.equal(await insertConcentratorStatus(headend, status, firstMidnight), 1)

  const cwd = mkdtempSync(join(tmpdir(), 'sw-cli-'))
  const env = {
    DATABASE_URL: databases.url('owner'),
    ...Object.fromEntries(
      (['reader', 'console'] as const).map((role) => [
        `SHUANGWU_${role.toUpperCase()}_DATABASE_URL`,
        databases.url(role),
      ]),
    ),
  }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(args, io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const json = async (...args: readonly string[]) =>
    JSON.parse((await run(...args, '--json')).out) as Record<string, never>

  t.match(await json('concentrator', 'list'), {
    concentrators: [
      {
        concentrator: 'c1',
        profile: 'shuangwu',
        lossFree: true,
        state: { online: true, evidence: 'announced' },
        differences: 2,
      },
      { concentrator: 'dtu', profile: 'air72x-hex', lossFree: false, state: null, reportedMeters: null },
    ],
  })
  const monthsLater = await run('concentrator', 'list', '--as-of', '2026-11-26 08:00')
  t.match(monthsLater, { code: 0, out: /online？.*148 天前 days ago/, err: /older than a day.*c1 148 天前/ })
  const nextHour = await run('concentrator', 'list', '--as-of', '2026-07-01 01:00')
  t.match(nextHour, { code: 0, out: /online .*1 小时前 h ago/, err: '' })
  t.match(await run('concentrator', 'list', '--as-of', 'x'), { code: 2, err: /expected an instant/ })
  t.match(await json('concentrator', 'list', '--as-of', '2026-06-30T00:00:00Z'), {
    concentrators: [{ state: null }, {}],
  })
  t.match((await run('concentrator', 'list')).out, /c1.*shuangwu.*yes.*online.*announced/s)
  t.match(await json('concentrator', 'diff', 'c1'), {
    differences: [
      { address: addressOf(12), mismatch: 'missing_in_concentrator' },
      { address: addressOf(99), mismatch: 'unknown_to_registry' },
    ],
  })
  t.match((await run('concentrator', 'diff', 'c1')).out, /集中器缺表 missing in concentrator/)
  const unheard = await run('concentrator', 'diff', 'dtu')
  t.match(unheard, { code: 1, err: /never reported a table, and nothing was heard within 7 days/ })
  t.notMatch(unheard.out, /missing in concentrator/, 'silence is no missing meter')
  t.match(await json('concentrator', 'diff', 'dtu'), { basis: 'nothing', differences: [] })
  t.match(await run('concentrator', 'diff', 'c9'), { code: 1, err: /c9/ })

  t.match(await run('concentrator', 'push', 'c1', '--actor', 'nobody'), { code: 2, err: /actor_unknown/ })
  t.match(await run('concentrator', 'push', 'c1', '--actor', 'system'), { code: 1, err: /process/ })
  t.match(await run('concentrator', 'push', 'dtu', '--actor', 'clerk'), { code: 1, err: /takes no tables/ })
  const pushed = await json('concentrator', 'push', 'c1', '--actor', 'clerk')
  t.match(pushed, { version: 1, cause: 'difference', actor: 'clerk', approvedAt: null })
  t.same(await json('concentrator', 'push', 'c1', '--actor', 'clerk'), pushed, 'the same push again')
  const id = String(pushed['pushId'])
  t.match(await run('concentrator', 'approve', id, '--actor', 'clerk'), { code: 1, err: /four_eyes/ })
  t.match(await json('concentrator', 'approve', id, '--actor', 'chief'), { approvedBy: 'chief' })
  t.match((await run('concentrator', 'show', 'c1')).out, /chief/)
  t.match(await run('concentrator', 'approve', 'no-such', '--actor', 'chief'), { code: 1 })
  await insertTableReport(
    headend,
    {
      ...report,
      reportedAt: firstMidnight + 2,
      version: 1,
      meters: [11, 12].map((ordinal, index) => ({ terminalPoint: index + 1, address: addressOf(ordinal) })),
    },
    firstMidnight + 2,
  )
  t.match((await run('concentrator', 'diff', 'c1')).out, /一致 no difference/)

  const doctor = await json('doctor')
  t.match(doctor, { concentrators: { total: 2, notLossFree: [{ code: 'dtu', profile: 'air72x-hex' }] } })
  t.match((await run('doctor')).out, /dtu: profile air72x-hex has no receipts, so it is not loss-free/)
})
