import t from 'tap'
import { adviceFor, databaseFacts } from '../../storage/doctor.js'
import { migrate } from '../../storage/migrate.js'
import { knownMigrations, requireMigrated } from '../../storage/schema-version.js'
import { ensureTimePartitions, ensureWorkingPartitions } from '../../storage/time-series.js'
import { withDatabase } from '../support/database.js'

t.test('a migrated database tells its tier, version and settings, to the owner and to the console', async (t) => {
  const database = await withDatabase(t)
  const facts = await databaseFacts(database.as('owner'))
  t.equal(facts.tier, facts.timescaleVersion === null ? 'plain' : 'timescale_apache')
  t.match(facts.serverVersion, /^1\d\./)
  t.equal(facts.settings['TimeZone'], 'UTC')
  t.same(facts.schema, { version: knownMigrations().at(-1), missing: [], unknown: [] })
  t.same(facts.advice, facts.tier === 'plain' ? ['install_timescaledb'] : [])
  t.equal((await databaseFacts(database.as('console'))).tier, facts.tier)
})

t.test('advice follows the facts', async (t) => {
  const good = {
    tier: 'timescale_apache',
    serverVersion: '17.1',
    timescaleVersion: '2.19.3',
    settings: { TimeZone: 'UTC' },
    schema: { version: '0001', missing: [], unknown: [] },
  } as const
  t.same(adviceFor(good), [])
  t.same(adviceFor({ ...good, tier: 'plain' }), ['install_timescaledb'])
  t.same(adviceFor({ ...good, tier: null, schema: { version: null, missing: ['0001'], unknown: [] } }), ['run_migrate'])
  t.same(adviceFor({ ...good, schema: { version: '9999', missing: [], unknown: ['9999'] } }), ['update_program'])
  t.same(adviceFor({ ...good, settings: { TimeZone: 'Asia/Shanghai' } }), ['session_not_utc'])
})

t.test('a database of another version is refused', async (t) => {
  const owner = (await withDatabase(t)).as('owner')
  await requireMigrated(owner)
  await owner.execute('insert into schema_migration (name, run_on) values ($1, now())', ['9999_later'])
  await t.rejects(requireMigrated(owner), { code: 'database_not_migrated', message: /9999_later of a newer/ })
  await owner.execute('delete from schema_migration where name >= $1', [knownMigrations().at(-1) ?? ''])
  await t.rejects(requireMigrated(owner), { code: 'database_not_migrated', message: /lacks 1 migrations/ })
})

t.test('two migrations at once, and a third later, leave one schema', async (t) => {
  const database = await withDatabase(t)
  const again = () => migrate(database.url('owner'), { logins: null })
  t.same(await Promise.all([again(), again()]), [[], []])
})

t.test('partitions cover what is asked for, once, and processes may ask', async (t) => {
  const headend = (await withDatabase(t)).as('headend')
  const now = Date.UTC(2026, 2, 10)
  const plain = (await databaseFacts(headend)).tier === 'plain'
  const made = await ensureTimePartitions(headend, now, now + 1)
  t.equal(made > 0, plain, 'TimescaleDB makes its own')
  t.equal(await ensureTimePartitions(headend, now, now + 1), 0)
  t.equal((await ensureWorkingPartitions(headend, now)) > made, plain)
})
