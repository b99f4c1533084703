import t from 'tap'
import { encodeCopy } from '../../storage/copy-binary.js'
import { openDatabase, type Queryable, readBeside } from '../../storage/database.js'
import { testNow, withDatabase } from '../support/database.js'
import { createStillClock } from '../support/still-clock.js'

t.test('types arrive exact: int8 as bigint, numeric and date as text, timestamptz as milliseconds', async (t) => {
  const database = (await withDatabase(t)).as('owner')
  const rows =
    await database.query(`select 9007199254740993::int8 as big, 1.10::numeric as exact, date '2026-03-01' as day,
    timestamptz '2026-03-01 08:00:00.123+08' as instant, array[1, null, -3]::int8[] as bigs, array['2026-03-01'::date] as days,
    array['2026-03-01 00:00+00'::timestamptz] as instants, '{}'::int8[] as none, array[0.10]::numeric[] as exacts`)
  t.strictSame(rows, [
    {
      big: 9007199254740993n,
      exact: '1.10',
      day: '2026-03-01',
      instant: Date.UTC(2026, 2, 1, 0, 0, 0, 123),
      bigs: [1n, null, -3n],
      days: ['2026-03-01'],
      instants: [Date.UTC(2026, 2, 1)],
      none: [],
      exacts: ['0.10'],
    },
  ])
})

t.test('a transaction commits whole or not at all, and the session stays usable', async (t) => {
  const database = (await withDatabase(t)).as('owner')
  await database.execute('create table note (id int8 primary key)')
  const insert = async (tx: Queryable, id: bigint) => tx.execute('insert into note values ($1)', [id])
  await t.rejects(
    database.transaction(async (tx) => {
      await insert(tx, 1n)
      throw new Error('changed my mind')
    }),
    /changed my mind/,
  )
  await t.rejects(
    database.transaction(async (tx) => tx.copyIn('copy note from stdin (format binary)', failingChunks())),
    /source broke/,
  )
  await t.rejects(
    database.transaction(async (tx) =>
      tx.copyIn('copy note from stdin (format binary)', encodeCopy(['int8'], [[5n], [5n]])),
    ),
    { code: '23505' },
  )
  await t.rejects(
    database.transaction(async (tx) =>
      tx.copyOut('copy (select generate_series(1, 100000)) to stdout', () => {
        throw new Error('reader broke')
      }),
    ),
    /reader broke/,
  )
  t.equal(await database.transaction(async (tx) => insert(tx, 2n)), 1)
  t.strictSame(await database.query('select id from note'), [{ id: 2n }])
})

t.test('a session beside a transaction sees what it sees of others, and nothing of what it has written', async (t) => {
  const test = await withDatabase(t)
  const database = test.as('owner')
  await database.execute('create table note (id int8 primary key)')
  await database.execute('insert into note values (1)')
  const seen = await database.transaction(
    async (tx) => {
      await tx.execute('insert into note values (2)')
      await database.execute('insert into note values (3)')
      return readBeside(database, tx, (reader) => reader.query('select id from note order by id'))
    },
    { isolation: 'repeatable read' },
  )
  t.same(seen, [{ id: 1n }])
  t.same(await database.query('select id from note order by id'), [{ id: 1n }, { id: 2n }, { id: 3n }])

  const alone = openDatabase({ url: test.url('owner'), clock: createStillClock(testNow), connections: 1 })
  const beside = alone.transaction((tx) => readBeside(alone, tx, () => Promise.resolve()), {
    isolation: 'repeatable read',
  })
  await t.rejects(beside, { code: 'bad_config', message: /give the role 2 connections, not 1/ })
  t.same(await alone.query('select count(*) from note'), [{ count: 3n }], 'and it is refused at once')
  await alone.close()
})

t.test('nothing more of a COPY is taken while a promise of the taker is open', async (t) => {
  const database = (await withDatabase(t)).as('owner')
  let open = 0
  let chunks = 0
  await database.copyOut('copy (select * from generate_series(1, 100000)) to stdout', async () => {
    open++
    chunks++
    t.equal(open, 1)
    await new Promise((resolve) => setImmediate(resolve))
    open--
  })
  t.ok(chunks > 1, `${chunks} chunks`)
  const refused = database.copyOut('copy (select 1) to stdout', () => Promise.reject(new Error('no room')))
  await t.rejects(refused, { message: 'no room' })
  t.equal((await database.query('select 1')).length, 1, 'the session stays usable')
})

t.test('virtual time is held while a statement or transaction is open, and released after failures', async (t) => {
  const clock = createStillClock(testNow)
  const database = openDatabase({ url: (await withDatabase(t)).url('owner'), clock })
  t.teardown(() => database.close())
  const seen = await database.transaction(async (tx) => {
    await tx.query('select 1')
    return clock.held()
  })
  t.equal(seen, 1)
  await t.rejects(database.query('select nonsense'))
  t.equal(clock.held(), 0)
})

t.test('a serialization failure is retried only where asked', async (t) => {
  const database = (await withDatabase(t)).as('owner')
  await database.execute('create table counter (value int8)')
  await database.execute('insert into counter values (0)')
  const increment = (retries: number) => {
    let attempts = 0
    return database.transaction(
      async (tx) => {
        const [row] = await tx.query<{ readonly value: bigint }>('select value from counter')
        if (attempts++ === 0) await database.execute('update counter set value = value + 1')
        await tx.execute('update counter set value = $1', [(row?.value ?? 0n) + 1n])
      },
      { isolation: 'serializable', retries },
    )
  }
  await t.rejects(increment(0), { code: '40001' })
  await increment(1)
  t.strictSame(await database.query('select value from counter'), [{ value: 3n }])
})

t.test('each process logs in with the rights of its role alone', async (t) => {
  const database = await withDatabase(t)
  t.strictSame(await database.as('reader').query('select count(*) from actor'), [{ count: 0n }])
  await t.rejects(database.as('reader').execute('delete from actor'), /permission denied/)
  await t.rejects(database.as('headend').query('create table mine (id int)'), /permission denied/)
})

t.test(
  'a server that ends a session in mid-transaction is an error to the caller, not the end of the process',
  async (t) => {
    const database = (await withDatabase(t)).as('owner')
    await t.rejects(
      database.transaction(async (tx) => tx.query('select pg_terminate_backend(pg_backend_pid())')),
      /terminat/,
    )
    t.strictSame(await database.query('select 1 as one'), [{ one: 1 }])
  },
)

function* failingChunks(): Generator<Buffer> {
  yield* encodeCopy(['int8'], [[3n]])
  throw new Error('source broke')
}
