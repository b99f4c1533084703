import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { importRegistry } from '../../../mdm/registry/import-registry.js'
import { smallUtility, stamp } from '../../mdm/support/small-utility.js'
import { withDatabase } from '../../support/database.js'
import { createFakeIo } from '../cli/fake-io.js'

t.test('a time without an offset is that of the organisation', async (t) => {
  const database = await withDatabase(t)
  const small = smallUtility()
  const organisations = small.organisations.map((one) => ({ ...one, timeZone: 'Europe/Berlin' }))
  t.match(await importRegistry(database.as('mdm'), { ...small, organisations }, stamp), { ok: true })
  const io = { cwd: t.testdir({}), env: { DATABASE_URL: database.url('owner') } }
  const cases: readonly (readonly [code: string, asOf: string, expected: string])[] = [
    ['point-1', '2026-07-17', '2026-07-16T22:00:00.000Z'],
    ['account-1', '2026-07-17 08:00', '2026-07-17T06:00:00.000Z'],
    ['meter-1', '2026-07-17', '2026-07-16T22:00:00.000Z'],
    ['meter-1', '2026-07-17T00:00+08:00', '2026-07-16T16:00:00.000Z'],
  ]
  for (const [code, asOf, expected] of cases) {
    const each = createFakeIo(io)
    t.equal(await runCli(['registry', 'show', code, '--as-of', asOf, '--json'], each), 0)
    t.match(JSON.parse(each.outText()), [{ asOf: expected }], `${code} ${asOf}`)
  }
})
