import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { beijing, dayMs } from '../../../domain/time.js'
import { withDatabase } from '../../support/database.js'
import { plantRegistry } from '../../support/field-world.js'
import { createFakeIo } from './fake-io.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
  readonly testdir: (files: Readonly<Record<string, string>>) => string
}

/** The command line on a database in which only a process is known; each process has its own rights. */
async function arrange(t: Teardown) {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantRegistry(owner, [{ lineId: 1, code: 'line-1', kind: 'dlt645_tcp', settings: {}, meters: [1] }])
  const env = {
    DATABASE_URL: databases.url('owner'),
    ...Object.fromEntries(
      (['console', 'reader'] as const).map((role) => [
        `SHUANGWU_${role.toUpperCase()}_DATABASE_URL`,
        databases.url(role),
      ]),
    ),
  }
  const cwd = t.testdir({})
  return {
    owner,
    run: async (...args: readonly string[]) => {
      const io = createFakeIo({ cwd, env })
      const code = await runCli(args, io)
      return { code, out: io.outText(), err: io.errText() }
    },
  }
}

await t.test('people are entered, two vouch for each other, and a third needs both', async (t) => {
  const { run } = await arrange(t)
  const add = (id: string, ...more: readonly string[]) => run('actor', 'add', id, '--name', `${id} name`, ...more)
  for (const id of ['li', 'wang', '赵工']) t.match(await add(id), { code: 0, out: /recorded/ })
  t.match(await add('li'), { code: 0, out: /was there/ })
  t.match(await run('actor', 'add', 'li', '--name', 'somebody else'), { code: 1, err: /is registered as/ })
  t.match(await run('actor', 'add', 'no spaces', '--name', 'x'), { code: 2 })
  const grant = (id: string, actor: string, ...more: readonly string[]) =>
    run('actor', 'grant', id, '--actor', actor, '--reason', 'deputy', ...more)
  t.match(await grant('li', 'li'), { code: 1, err: /nobody asks for a right of their own/ })
  t.match(await grant('li', 'nobody'), { code: 1, err: /nobody is registered/ })
  t.match(await grant('system', 'li'), { code: 1, err: /a person must act/ })
  t.match(await grant('li', 'wang'), { code: 0, out: /may approve/ })
  t.match(await grant('wang', 'li'), { code: 0, out: /may approve/ })
  t.match(await grant('赵工', 'li', '--login', 'zhao'), { code: 0, out: /waits for another holder/ })
  const confirm = (id: string, actor: string) => run('actor', 'confirm', id, '--actor', actor)
  t.match(await confirm('赵工', 'li'), { code: 1, err: /that takes another person/ })
  t.match(await confirm('赵工', 'wang'), { code: 0, out: /confirmed/ })
  t.match(await confirm('赵工', 'wang'), { code: 1, err: /nothing waits/ })
  t.match(JSON.parse((await run('actor', 'list', '--json')).out), {
    actors: [
      { actor: 'li', mayApprove: true, waitsSince: null },
      { actor: 'system', kind: 'process', mayApprove: false },
      { actor: 'wang', mayApprove: true },
      { actor: '赵工', mayApprove: true, loginName: 'zhao' },
    ],
  })
  const revoked = await run('actor', 'revoke', 'wang', '--actor', 'li', '--reason', 'left')
  t.match(revoked, { code: 0, out: /may no longer approve/ })
  t.match((await run('actor', 'list')).out, /wang name/)
})

await t.test('an exemption is asked for by one person and granted by another; only then it excuses', async (t) => {
  const { owner, run } = await arrange(t)
  for (const id of ['li', 'wang', 'clerk']) await run('actor', 'add', id, '--name', id)
  await run('actor', 'grant', 'li', '--actor', 'wang', '--reason', 'go-live')
  await run('actor', 'grant', 'wang', '--actor', 'li', '--reason', 'go-live')
  const wish = ['--meter', 'meter-1', '--from', '2026-07-01', '--to', '2026-07-03', '--reason', '水淹 flooded']
  const propose = (...more: readonly string[]) => run('exemption', 'propose', ...wish, '--document', 'sheet 7', ...more)
  t.match(await propose('--actor', 'nobody'), { code: 1, err: /nobody is registered/ })
  t.match(await propose('--actor', 'system'), { code: 1, err: /a person must act/ })
  t.match(await propose('--actor', 'li', '--meter', 'meter-9'), { code: 1, err: /no such meter/ })
  t.match(await propose('--actor', 'li', '--to', '2026-07-01'), { code: 2, err: /must be later/ })
  t.match(await propose('--actor', 'li', '--from', '1 July'), { code: 2, err: /expected a day/ })
  const { exemptionId: id } = JSON.parse((await propose('--actor', 'li', '--json')).out) as {
    readonly exemptionId: string
  }
  t.match(await propose('--actor', 'li'), { code: 0, out: /was there/ })
  const excused = async () => {
    const midnight = beijing.startOfDay('2026-07-01') + dayMs
    const rows = await owner.query(`select excuse from due_excuse('infinity', 1, 1, 1, $1) where excuse is not null`, [
      new Date(midnight).toISOString(),
    ])
    return rows.length === 1
  }
  t.equal(await excused(), false)
  const approve = (actor: string) => run('exemption', 'approve', id, '--actor', actor)
  t.match(await approve('li'), { code: 1, err: /four_eyes/ })
  t.match(await approve('clerk'), { code: 1, err: /nobody has given them the right to approve/ })
  t.match(JSON.parse((await run('exemption', 'list', '--waiting', '--json')).out), {
    exemptions: [{ exemptionId: id, meterCode: 'meter-1', author: 'li', approver: null }],
  })
  t.match(await approve('wang'), { code: 0, out: /approved by wang/ })
  t.equal(await excused(), true)
  t.match(await run('exemption', 'list', '--waiting'), { code: 0, out: '无 none' })
  t.match(await run('exemption', 'list', '--meter', 'meter-1'), { code: 0, out: /approved by wang/ })
  t.match(await run('exemption', 'approve', 'e', '--actor', 'wang'), { code: 1, err: /no such exemption/ })
})
