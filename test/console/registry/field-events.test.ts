import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { arrangeQueue } from '../../mdm/support/queue-scene.js'
import { createFakeIo } from '../cli/fake-io.js'

const headings = '电表,时刻,事件,到场人,原封印号,新封印号,工单,说明'
const broken = 'meter-1,2026-01-05 10:00,封印破损,Synthetic fitter,S-1、S-2,,order-9,glass broken'

t.test('seals come as a table and as YAML, and are seen wherever somebody looks at their meter', async (t) => {
  const database = await arrangeQueue(t)
  const cwd = t.testdir({})
  const roles = ['console', 'reader', 'mdm', 'billing'] as const
  const logins = roles.map((role) => [`SHUANGWU_${role.toUpperCase()}_DATABASE_URL`, database.url(role)])
  const env = { DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: cwd, ...Object.fromEntries(logins) }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(args, io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const by = ['--actor', 'manager-1']
  const take = (...rows: readonly string[]) => {
    writeFileSync(join(cwd, '封印与故障.csv'), [headings, ...rows].join('\r\n'))
    return run('registry', 'import', '封印与故障.csv', ...by)
  }
  const refused: readonly (readonly [row: string, said: RegExp])[] = [
    ['meter-1,2062-01-05,封印破损,A,,,order-9,', /B2 still_to_come: .*改正时刻/],
    ['meter-1,2026-01-05,重新加封,A,,,order-9,', /F2 missing_cell: .*codes with commas/],
    ['meter-1,2026-01-05,封印丢失,A,,,order-9,', /C2 bad_cell: .*封印破损 seal_broken_found/],
    ['meter-9,2026-01-05,封印破损,A,,,order-9,', /A2 unknown_code/],
    [`meter-1,2026-01-05,封印破损,A,${'9'.repeat(65)},,order-9,`, /E2 bad_cell/],
  ]
  for (const [row, said] of refused) t.match(await take(row), { code: 2, out: said }, row)
  t.match(await take(broken), { code: 0, out: /封印与故障 │ +1/ })
  t.match(await take(broken), { code: 0, err: /nothing new/ })
  for (const out of ['all.xlsx', 'all.json']) {
    t.match(await run('registry', 'export', '--out', out), { code: 0 })
    t.match(await run('registry', 'import', out, ...by), { code: 0, err: /nothing new/ }, out)
  }
  for (const code of ['meter-1', 'point-1'])
    t.match(await run('registry', 'show', code), {
      out: /封印故障 field_event │ +\S* ?at 2026-01-05 10:00.*manager-1[\s\S]*sealsFound S-1、S-2/,
    })
  t.notMatch((await run('registry', 'show', 'meter-1', '--known', '2026-01-06')).out, /field_event/)

  t.match(await run('exceptions', 'run', ...by), { code: 0, out: /立项 opened 1/ })
  t.match(await run('exceptions', 'list', '--kind', '封印破损'), { out: /封印破损.*meter-1/ })
  const listed = JSON.parse((await run('exceptions', 'list', '--json')).out) as { exceptions: [{ code: string }] }
  const [{ code: key }] = listed.exceptions
  t.match(await run('exceptions', 'show', key), {
    out: /封印与故障[\s\S]*2026-01-05 10:00[\s\S]*封印破损 seal_broken_found[\s\S]*S-1、S-2[\s\S]*order-9 · glass broken[\s\S]*重新加封/,
  })
  t.match(JSON.parse((await run('exceptions', 'show', key, '--json')).out), {
    fieldEvents: [{ event: 'seal_broken_found', sealsFound: ['S-1', 'S-2'], occurredAt: '2026-01-05T02:00:00.000Z' }],
  })
  const reseal = `
kind: field_event
meter: meter-1
at: 2026-01-06T10:00:00+08:00
event: resealed
person: Synthetic fitter
sealsPlaced: [S-3]
document: order-10
`
  writeFileSync(join(cwd, 'reseal.yaml'), reseal)
  t.match(await run('registry', 'change', 'reseal.yaml', ...by), { code: 0, out: /1 已变更 applied/ })
  writeFileSync(join(cwd, 'broken.yaml'), 'kind: [')
  t.match(await run('registry', 'change', 'broken.yaml', ...by), { code: 2, err: /broken.yaml:1: YAML/ })
  t.match(await run('exceptions', 'run', ...by), { code: 0, out: /销项 closed 1 · 未结 open 0/ })
})

t.test('a person who has looked closes a broken seal, and it stays closed', async (t) => {
  const database = await arrangeQueue(t)
  const cwd = t.testdir({ '封印与故障.csv': `${headings}\r\n${broken}` })
  const roles = ['console', 'reader', 'mdm', 'billing'] as const
  const logins = roles.map((role) => [`SHUANGWU_${role.toUpperCase()}_DATABASE_URL`, database.url(role)])
  const env = { DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: cwd, ...Object.fromEntries(logins) }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(args, io)
    return { code, out: io.outText(), err: io.errText() }
  }
  await run('registry', 'import', '封印与故障.csv', '--actor', 'manager-1')
  await run('exceptions', 'run', '--actor', 'manager-1')
  const listed = JSON.parse((await run('exceptions', 'list', '--json')).out) as { exceptions: [{ code: string }] }
  const [{ code: key }] = listed.exceptions
  const decide = ['exceptions', 'decide', key, '--action', 'accept', '--reason', 'seen on site', '--actor', 'clerk']
  t.match(await run(...decide), { code: 0 })
  t.match(await run('exceptions', 'run', '--actor', 'manager-1'), { out: /立项 opened 0 .* 未结 open 0/ })
})
