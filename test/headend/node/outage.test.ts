import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Database, openDatabase } from '../../../storage/database.js'
import { openLocalDatabase } from '../../../storage/local-database/open.js'
import { migrate } from '../../../storage/migrate.js'
import type { LoginRole } from '../../../storage/roles.js'
import { haveVirtualTimes, makeFolder, wantedBinaries } from '../../support/cluster.js'
import { type TestDatabase, testNow, withDatabase } from '../../support/database.js'
import { frozenProxy } from '../../support/frozen-proxy.js'
import { createStillClock } from '../../support/still-clock.js'
import { count, openField, type Teardown, until } from './node-field.js'

/** A server of the test's own, that goes away and comes back. */
async function ownServer(t: Teardown) {
  const folder = makeFolder()
  const open = () => openLocalDatabase({ folder, binaries: wantedBinaries() })
  let server = await open()
  const { data } = server
  await migrate(server.ownerUrl, { logins: server.passwords })
  await haveVirtualTimes(server.ownerUrl)
  const pools = new Map<LoginRole, Database>()
  const url = (role: LoginRole) => (role === 'owner' ? server.ownerUrl : server.url(role))
  const database: TestDatabase = {
    url,
    as(role) {
      const pool = pools.get(role) ?? openDatabase({ url: url(role), clock: createStillClock(testNow), connections: 2 })
      pools.set(role, pool)
      return pool
    },
  }
  t.teardown(async () => {
    await Promise.all([...pools.values()].map((pool) => pool.close()))
    await server.close()
    for (const place of [folder, data]) rmSync(place, { recursive: true, force: true })
  })
  return {
    database,
    goAway: () => server.close(),
    comeBack: async () => {
      server = await open()
    },
  }
}

await t.test(
  'what a line brings while the database is away is stored once when it is back, and polling ends with the hold',
  async (t) => {
    const { database, goAway, comeBack } = await ownServer(t)
    const { recorder, spools, startNode: start } = await openField(t, database, { lines: 1, meters: 80, baud: 9600 })
    const [line] = recorder.lines
    const asked = () => line?.asked.length ?? 0
    const node = start('only')
    await until('it talks', async () => asked() >= 20)
    const away = goAway()
    await until('it is missed', async () => node.log.some(({ event }) => event === 'heartbeat_failed'))
    const askedBefore = asked()
    await away
    await until('the batch is on disk', async () => node.log.some(({ event }) => event === 'batch_spooled'))
    const askedInTheDark = asked()
    t.ok(askedInTheDark > askedBefore, 'the line is read on under a lease that holds')
    t.ok(askedInTheDark < 160, `the hold ended after ${askedInTheDark} requests of 160`)
    const file = join(spools, 'only.spool')
    t.ok(statSync(file).size > 0)

    await comeBack()
    await until('all read', async () => (await count(database, 'reading')) === 80)
    t.ok(asked() <= 161, 'no meter is asked again but the one in the middle of whose freeze the hold ended')
    t.equal(await count(database, 'frame'), 80)
    t.equal(await count(database, 'reading_claim'), 0)
    const drained = node.log.findIndex(({ event }) => event === 'spool_drained')
    t.ok(drained > 0)
    t.ok(
      node.log.slice(drained).some(({ event }) => event === 'pass_begins'),
      'what lay on disk went before anything new',
    )
    t.equal(statSync(file).size, 0)
    t.equal(await node.stop(), 0)
  },
)

await t.test('connections that fall silent without closing are noticed, said, and nothing is lost', async (t) => {
  const behind = await withDatabase(t)
  const proxy = await frozenProxy(t, behind.url('headend'))
  const database: TestDatabase = {
    as: behind.as,
    url: (role) => (role === 'headend' ? proxy.url : behind.url(role)),
  }
  const { recorder, startHastyNode } = await openField(t, database, { lines: 1, meters: 80, baud: 9600 })
  const asked = () => recorder.lines[0]?.asked.length ?? 0
  const node = startHastyNode('only')
  await until('it talks', async () => asked() >= 20)
  proxy.freeze()
  await until('all read', async () => (await count(database, 'reading')) === 80)
  t.equal(await count(database, 'reading_claim'), 0)
  for (const event of ['database_silent', 'database_failed', 'database_back'])
    t.ok(
      node.log.some((line) => line['event'] === event),
      event,
    )
  t.equal(await node.stop(), 0)
})
