import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { runCli } from '../../../console/cli/run-cli.js'
import { builtInDocument } from '../../../mdm/validation/built-in-policy.js'
import { withDatabase } from '../../support/database.js'
import { plantApprovers } from '../../support/people.js'
import { importSmallUtility, midnight, registers, store } from '../../mdm/support/small-utility.js'
import { createFakeIo } from './fake-io.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
  readonly testdir: (files: Readonly<Record<string, string>>) => string
}

async function arrange(t: Teardown) {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  await plantApprovers(database.as('owner'), ['lead', 'head'])
  const logins = (['console', 'reader', 'mdm'] as const).map((role) => [
    `SHUANGWU_${role.toUpperCase()}_DATABASE_URL`,
    database.url(role),
  ])
  const env = { DATABASE_URL: database.url('owner'), ...Object.fromEntries(logins) }
  const cwd = t.testdir({})
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(['vee', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  return { database, run, write: (file: string, text: string) => writeFileSync(join(cwd, file), text) }
}

const days = ['--from', '2026-07-01', '--to', '2026-07-02', '--actor', 'system']

t.test('readings are validated by somebody; what changed is told, and said again only when asked', async (t) => {
  const { database, run } = await arrange(t)
  await store(database, [
    { meterId: 1n, readAt: midnight(1), registers: registers(1000_00) },
    { meterId: 1n, readAt: midnight(2), registers: registers(900_00) },
  ])
  const refused: readonly (readonly [why: string, args: readonly string[], says: RegExp])[] = [
    ['nobody', days.with(5, 'nobody'), /nobody/],
    ['a day that is none', days.with(1, '2026-07-32'), /2026-07-32/],
    ['days the wrong way round', days.with(1, '2026-07-03'), /2026-07-03/],
    ['again without a reason', [...days, '--again'], /--reason/],
    ['a reason without again', [...days, '--reason', 'x'], /--again/],
  ]
  for (const [why, args, says] of refused) t.match(await run('run', ...args), { code: 2, err: says }, why)
  t.match(await run('run', ...days), {
    code: 0,
    out: /accepted 1 · .*held 1 · [\s\S]*meter-1[\s\S]*2026-07-02 00:00[\s\S]*decrease/,
  })
  t.match(JSON.parse((await run('run', ...days, '--json')).out), { accepted: 0, held: [], missing: [] })
  t.match(await run('run', ...days, '--again', '--reason', 'rules changed'), { code: 0, out: /accepted 0 · .*held 0/ })
  t.match(await database.as('mdm').query('select actor_id, reason from revalidation'), [
    { actor_id: 'system', reason: 'rules changed' },
  ])
})

t.test('a reading is shown with what was said of it, what came before and how it was decided', async (t) => {
  const { database, run } = await arrange(t)
  await store(database, [
    { meterId: 1n, readAt: midnight(1), registers: registers(1000_00) },
    { meterId: 1n, readAt: midnight(2), registers: registers(900_00) },
  ])
  const show = (...more: readonly string[]) => run('show', 'meter-1', '--at', '2026-07-02', ...more)
  t.match(await show(), { code: 0, out: /900[\s\S]*未校核 not validated/ })
  await run('run', ...days)
  t.match(await show(), { code: 0, out: /2026-07-02 00:00[\s\S]*decrease/ })
  t.match(JSON.parse((await show('--json')).out), {
    meter: 'meter-1',
    claims: [{ registers: { totalE4: '9000000' } }],
    decisions: [{ verdict: 'held', rules: ['decrease'] }],
    history: [{ verdict: 'accepted' }],
  })
  t.match(await run('show', 'meter-9', '--at', '2026-07-02'), { code: 1, err: /no meter of this code/ })
  t.match(await run('show', 'meter-1', '--at', 'today'), { code: 2, err: /today/ })
})

t.test('the policy of validation is changed by two people', async (t) => {
  const { run, write } = await arrange(t)
  const document = { ...builtInDocument, missingAfterHours: 12 }
  write('policy.yaml', stringify(document))
  write('bad.yaml', stringify({ ...document, missingAfterHours: 0 }))
  t.match(await run('policy', 'show'), { code: 0, out: /built-in\/1[\s\S]*missing after 6 h/ })
  t.match(await run('policy', 'check', 'bad.yaml'), { code: 2, err: /bad\.yaml:\d+: missingAfterHours/ })
  t.match(await run('policy', 'check', 'none.yaml'), { code: 2, err: /none\.yaml/ })
  t.match(JSON.parse((await run('policy', 'check', 'policy.yaml', '--json')).out), { ok: true, policy: document })
  const hand = ['policy', 'propose', 'policy.yaml', '--reason', 'slower lines', '--from', '2026-07-01', '--actor']
  t.match(await run(...hand, 'system'), { code: 1, err: /须由人作出/ })
  t.match(await run(...hand, 'lead'), { code: 0, out: /revision 1 waits/ })
  t.match(await run(...hand, 'lead'), { code: 0, out: /revision 1 says this already/ })
  t.match(await run('policy', 'sign', '1', '--actor', 'lead'), { code: 1, err: /four_eyes/ })
  t.match(await run('policy', 'sign', '7', '--actor', 'head'), { code: 1, err: /no revision 7/ })
  t.match(await run('policy', 'sign', '1', '--actor', 'head'), { code: 0, out: /is approved[\s\S]*vee run --again/ })
  t.match(await run('policy', 'approve', '1', '--actor', 'head'), { code: 0, out: /approved before/ })
  t.match(await run('policy', 'show'), { code: 0, out: /missing after 12 h[\s\S]*lead[\s\S]*head/ })
  t.match(JSON.parse((await run('policy', 'show', '--revision', '0', '--json')).out), {
    revision: null,
    version: 'built-in/1',
    policy: { missingAfterHours: 6 },
    revisions: [{ revision: 1, author: 'lead', approver: 'head' }],
  })
})
