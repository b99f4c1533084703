import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { createRealClock } from '../../console/runtime/real-clock.js'
import { type Database, isDatabaseAway, isRefusedData, openDatabase } from '../../storage/database.js'
import type { DatabaseLimits } from '../../storage/pooled-sessions.js'
import { withDatabase } from '../support/database.js'
import { frozenProxy } from '../support/frozen-proxy.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

function open(t: Teardown, url: string, limits?: DatabaseLimits, silent: number[] = []): Database {
  const database = openDatabase({
    url,
    clock: createRealClock(),
    onSilence: (statementMs) => void silent.push(statementMs),
    ...(limits === undefined ? {} : { limits }),
  })
  t.teardown(() => database.close())
  return database
}

const quick = { statementMs: 1000 }
const away = { code: 'database_unreachable' }

t.test(
  'half-open connections are given up after the first silent statement, all of them, and new ones serve',
  async (t) => {
    const proxy = await frozenProxy(t, (await withDatabase(t)).url('owner'))
    const silent: number[] = []
    const database = open(t, proxy.url, quick, silent)
    await Promise.all([1, 2, 3].map((n) => database.query('select pg_sleep(0.05), $1::int', [n])))
    t.equal(proxy.taken(), 3)
    const { lastAnswerAt } = database.health()
    proxy.freeze()
    await t.rejects(database.query('select 1'), away)
    t.strictSame(database.health(), { lastAnswerAt, silences: 1 }, 'health tells of answers, not of what is waited for')
    t.strictSame(await database.query('select 1 as one'), [{ one: 1 }])
    t.equal(proxy.taken(), 4, 'the other two were not tried first')
    t.strictSame(silent, [1000])
    t.ok((database.health().lastAnswerAt ?? 0) >= (lastAnswerAt ?? 0))
  },
)

t.test(
  'a transaction whose connection falls silent fails at its next statement, and holds no lock for long',
  async (t) => {
    const databases = await withDatabase(t)
    await databases.as('owner').execute('create table note (id int primary key)')
    const proxy = await frozenProxy(t, databases.url('owner'))
    const database = open(t, proxy.url, { statementMs: 2000 })
    const insert = () =>
      database.transaction(async (tx) => {
        await tx.execute('insert into note values (1)')
        if (proxy.taken() === 1) proxy.freeze()
        await tx.execute('insert into note values (2)')
      })
    await t.rejects(insert(), away)
    await insert().catch(insert)
    t.strictSame(await databases.as('owner').query('select count(*)::int as n from note'), [{ n: 2 }])
  },
)

t.test('a frozen server does not hold up whoever closes', async (t) => {
  const proxy = await frozenProxy(t, (await withDatabase(t)).url('owner'))
  const database = openDatabase({ url: proxy.url, clock: createRealClock(), limits: { connectMs: 500 } })
  await Promise.all([1, 2].map((n) => database.query('select pg_sleep(0.05), $1::int', [n])))
  proxy.freeze()
  await database.close()
  t.equal(proxy.taken(), 2, 'idle connections are let go unheard')
})

t.test('a COPY into a connection that fell silent is given up, too', async (t) => {
  const databases = await withDatabase(t)
  await databases.as('owner').execute('create table note (id int)')
  const proxy = await frozenProxy(t, databases.url('owner'))
  const database = open(t, proxy.url, quick)
  async function* rows(): AsyncGenerator<Buffer> {
    yield Buffer.from('1\n')
    proxy.freeze()
    yield Buffer.from('2\n')
  }
  await t.rejects(
    database.transaction((tx) => tx.copyIn('copy note from stdin', rows())),
    away,
  )
  t.strictSame(await database.query('select count(*)::int as n from note'), [{ n: 0 }])
})

t.test('a server that takes the connection and says nothing is away', async (t) => {
  const proxy = await frozenProxy(t, (await withDatabase(t)).url('owner'))
  proxy.deafen()
  await t.rejects(open(t, proxy.url, { connectMs: 200 }).query('select 1'), away)
})

t.test(
  'the limit holds for each statement, not for the transaction, and is the choice of whoever opens the pool',
  async (t) => {
    const url = (await withDatabase(t)).url('owner')
    const database = open(t, url, { statementMs: 1500 })
    const naps = (times: number) =>
      database.transaction(async (tx) => {
        for (let nap = 0; nap < times; nap += 1) await tx.query('select pg_sleep(0.6)')
      })
    await naps(4)
    await t.rejects(database.query('select pg_sleep(60)'), away)
    await database.withStatementLimit(60_000).query('select pg_sleep(2)')
    await open(t, url).query('select pg_sleep(2)')
  },
)

t.test('what is given up the server gives up, too: no lock is left behind, and the session lives on', async (t) => {
  const databases = await withDatabase(t)
  const silent: number[] = []
  const database = open(t, databases.url('owner'), { statementMs: 1500 }, silent)
  const backend = () => database.query<{ readonly pid: number }>('select pg_backend_pid() as pid')
  const before = await backend()
  const hold = database.transaction(async (tx) => {
    await tx.execute('select pg_advisory_xact_lock(7)')
    await tx.execute('select pg_sleep(60)')
  })
  await t.rejects(hold, away)
  const free = 'select pg_try_advisory_xact_lock(7) as free'
  t.strictSame(await databases.as('owner').query(free), [{ free: true }])
  t.strictSame(await backend(), before)
  t.strictSame([database.health().silences, silent], [0, []], 'a word is no silence')
})

t.test('the server is told the limit of whoever uses a session', async (t) => {
  const database = open(t, (await withDatabase(t)).url('owner'), { statementMs: 30_000 })
  const limit = async (asked: Database) => {
    const [row] = await asked.query<{ readonly limit: string }>(`select current_setting('statement_timeout') as limit`)
    return row?.limit
  }
  const patient = database.withStatementLimit(900_000)
  const told = [await limit(database), await limit(patient), await limit(patient), await limit(database)]
  t.strictSame(told, ['29s', '899s', '899s', '29s'])
})

const states: readonly [sqlState: string, means: 'away' | 'refused'][] = [
  ['08006', 'away'],
  ['53100', 'away'],
  ['53300', 'away'],
  ['57014', 'away'],
  ['57P03', 'away'],
  ['58030', 'away'],
  ['25006', 'away'],
  ['40001', 'away'],
  ['42501', 'away'],
  ['XX000', 'away'],
  ['22003', 'refused'],
  ['23505', 'refused'],
]

t.test('what the server says decides between content that it refuses and a database that is away', async (t) => {
  const database = open(t, (await withDatabase(t)).url('owner'))
  for (const [sqlState, means] of states) {
    const error: unknown = await database
      .execute(`do $$ begin raise exception 'planted' using errcode = '${sqlState}'; end $$`)
      .catch((raised: unknown) => raised)
    t.same([isDatabaseAway(error), isRefusedData(error)], [means === 'away', means === 'refused'], sqlState)
  }
  const ours: unknown = await database
    .transaction(async () => {
      throw new Error('a mistake of ours')
    })
    .catch((raised: unknown) => raised)
  t.notOk(isDatabaseAway(ours))
})

t.test('a server that cannot be found, reached or entered is away', async (t) => {
  const url = new URL((await withDatabase(t)).url('owner'))
  const wrongPassword = new URL(url)
  wrongPassword.password = 'wrong'
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => void server.close())
  for (const each of [
    'postgresql://u:p@db.invalid/x',
    'postgresql://u:p@127.0.0.1:1/x',
    `postgresql://u:p@127.0.0.1:${(server.address() as AddressInfo).port}/x`,
    wrongPassword.href,
  ]) {
    const error: unknown = await open(t, each)
      .query('select 1')
      .catch((raised: unknown) => raised)
    t.ok(isDatabaseAway(error), each.replace(/:[^:@]*@/, ':…@'))
  }
})
