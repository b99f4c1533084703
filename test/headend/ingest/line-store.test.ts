import { join } from 'node:path'
import { serialize } from 'node:v8'
import pg from 'pg'
import t from 'tap'
import { UserError } from '../../../domain/errors.js'
import { dayMs, minuteMs } from '../../../domain/time.js'
import { createLineStore, type LineStoreEvents, SpoolFullError } from '../../../headend/ingest/line-store.js'
import { openSpool } from '../../../headend/ingest/spool.js'
import { openSpoolFile, type SpoolFile } from '../../../headend/ingest/spool-file.js'
import { type Database, openDatabase } from '../../../storage/database.js'
import { takeLineLease } from '../../../storage/headend/line-lease.js'
import type { LineBatch } from '../../../storage/headend/store-collected.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { present } from '../../../domain/result.js'
import { testNow, withDatabase } from '../../support/database.js'
import { createStillClock } from '../../support/still-clock.js'

const now = testNow

interface Scene {
  readonly teardown: (act: () => Promise<void>) => void
  readonly testdir: (fixture: Record<string, never>) => string
}

async function open(t: Scene, maxBytes: number, events?: LineStoreEvents) {
  const databases = await withDatabase(t)
  const database = databases.as('headend')
  await ensureTimePartitions(database, now - 8 * dayMs, now + dayMs)
  const { lease } = present(await takeLineLease(database, { lineId: 1n, owner: 'node-1', holdMs: dayMs }), 'a lease')
  const batchOf = (meterId: bigint): LineBatch => ({
    lease,
    recordedAt: now + Number(meterId),
    readings: [
      {
        meterId,
        quantity: 'forward_active_energy',
        readAt: now - dayMs,
        registers: { totalE4: 9_007_199_254_740_993n, touE4: [null, 1n, null, 0n] },
        source: 'scheduled',
        protocol: 'dlt645_2007',
        request: Buffer.from('fe68', 'hex'),
        response: Buffer.from('6816', 'hex'),
        receivedAt: now,
      },
    ],
    failures: [{ meterId: meterId + 100n, readAt: now - dayMs, cause: 'no_reply', failedAt: now }],
    quarantined: [{ reason: 'frame_damaged', payload: Buffer.from(`68${meterId}`), receivedAt: now }],
    statistics: {
      windowStart: now - dayMs,
      windowKey: 'window',
      requests: 2,
      replies: 1,
      bytesOut: 30,
      bytesIn: 20,
      damaged: 1,
      refused: 0,
      repaired: 0,
      timeouts: 1,
    },
  })
  let away = false
  let answersLeft = Number.POSITIVE_INFINITY
  let failure: unknown = new UserError('database_unreachable', 'gone')
  const unreliable: Database = {
    ...database,
    transaction(act, options) {
      if (away || answersLeft === 0) return Promise.reject(failure)
      answersLeft -= 1
      return database.transaction(act, options)
    },
  }
  const file = await openSpoolFile(join(t.testdir({}), 'spool'))
  t.teardown(file.close)
  let time = now
  const clock = { now: () => time }
  let diskFailure: unknown = null
  const disk: SpoolFile = {
    ...file,
    append: (bytes) => (diskFailure === null ? file.append(bytes) : Promise.reject(diskFailure)),
  }
  const spool = await openSpool(disk, maxBytes)
  const store = createLineStore({ database: unreliable, clock, spool, ...(events === undefined ? {} : { events }) })
  const reader = databases.as('reader')
  const counts = async () => {
    const tables = ['reading', 'frame', 'failed_read', 'quarantine', 'line_statistics']
    const sums = tables.map((table) => `(select count(*)::integer from ${table}) as ${table}`)
    return (await reader.query(`select ${sums.join(', ')}`))[0]
  }
  return {
    store,
    batchOf,
    spool,
    reader,
    counts,
    file,
    passTo: (at: number) => (time = at),
    /** With `answers` it goes away after so many transactions. */
    goAway: (value: boolean, error = failure, answers = Number.POSITIVE_INFINITY) => {
      away = value
      failure = error
      answersLeft = answers
    },
    breakDisk: (error: unknown) => (diskFailure = error),
  }
}

function each(count: number): object {
  return { reading: count, frame: count, failed_read: count, quarantine: count, line_statistics: count }
}

await t.test('while the database is away batches wait on disk; back again, they go before the next one', async (t) => {
  const { store, batchOf, reader, counts, goAway } = await open(t, 1_000_000)
  await store.store(batchOf(1n))
  goAway(true)
  await store.store(batchOf(2n))
  await store.store(batchOf(3n))
  t.same(await counts(), each(1))
  await t.rejects(store.drain(), { code: 'database_unreachable' })
  goAway(false)
  await store.store(batchOf(4n))
  t.same(await counts(), each(4))
  t.ok(store.isEmpty())
  t.same(
    await reader.query('select meter_id from reading order by line_sequence'),
    [1n, 2n, 3n, 4n].map((meterId) => ({ meter_id: meterId })),
  )
  t.same(await reader.query('select distinct total_e4, tou1_e4, tou2_e4, tou4_e4 from reading'), [
    { total_e4: 9_007_199_254_740_993n, tou1_e4: null, tou2_e4: 1n, tou4_e4: 0n },
  ])
})

await t.test('a drain that ends half-way counts what it brought in', async (t) => {
  let drained = 0
  const { store, batchOf, goAway, counts } = await open(t, 1_000_000, {
    onSpooled: () => undefined,
    onDrained(batches) {
      drained += batches
    },
  })
  goAway(true)
  for (const meterId of [1n, 2n, 3n]) await store.store(batchOf(meterId))
  goAway(false, undefined, 2)
  await t.rejects(store.drain(), { code: 'database_unreachable' })
  t.equal(drained, 2)
  t.same(await counts(), each(2))
  goAway(false)
  t.equal(await store.drain(), 1)
  t.equal(drained, 3)
})

await t.test('draining the same file again changes nothing, whatever it holds', async (t) => {
  const { store, batchOf, counts, file, goAway } = await open(t, 1_000_000)
  goAway(true)
  await store.store(batchOf(1n))
  await store.store(batchOf(2n))
  const bytes = await file.read(0, file.size())
  goAway(false)
  t.equal(await store.drain(), 2)
  await file.append(bytes)
  t.equal(await store.drain(), 2)
  t.same(await counts(), each(2))
})

await t.test('a full disk is told to whoever polls, and nothing kept is lost', async (t) => {
  const { store, batchOf, counts, goAway } = await open(t, 900)
  goAway(true)
  await store.store(batchOf(1n))
  t.notOk(store.isFull())
  await t.rejects(store.store(batchOf(2n)), SpoolFullError)
  t.ok(store.isFull())
  goAway(false)
  await store.drain()
  t.notOk(store.isFull(), 'there is room again')
  t.same(await counts(), each(1))
})

await t.test(
  'a batch that the database refuses for its content is kept aside, and those behind it are stored',
  async (t) => {
    const { store, batchOf, reader, goAway } = await open(t, 1_000_000)
    goAway(true)
    // No text of PostgreSQL holds a zero byte.
    const unwritable = { meterId: 7n, readAt: now - dayMs, cause: 'no\u0000reply', failedAt: now }
    t.equal(await store.store({ ...batchOf(1n), failures: [unwritable] }), null)
    await store.store(batchOf(2n))
    goAway(false)
    t.equal(await store.drain(), 2)
    t.same(await reader.query('select meter_id from reading'), [{ meter_id: 2n }])
    t.same(await reader.query(`select count(*)::int as n from quarantine where reason = 'not_storable'`), [{ n: 1 }])
  },
)

await t.test('a record that is no batch of ours is kept aside and holds up nothing', async (t) => {
  const { store, spool, batchOf, reader, goAway } = await open(t, 1_000_000)
  await spool.append(Buffer.from('another program'))
  await spool.append(serialize({ lineId: 1 }))
  goAway(true)
  await store.store(batchOf(1n))
  goAway(false)
  t.equal(await store.drain(), 3)
  t.same(await reader.query('select meter_id from reading'), [{ meter_id: 1n }])
  t.same(await reader.query(`select count(*)::int as n from quarantine where reason = 'not_storable'`), [{ n: 2 }])
})

await t.test(
  'what waited on disk is recorded when it is stored, so that what was told before stays true',
  async (t) => {
    const { store, batchOf, reader, goAway, passTo } = await open(t, 1_000_000)
    goAway(true)
    await store.store(batchOf(1n))
    goAway(false)
    const drainedAt = now + 45 * minuteMs
    passTo(drainedAt)
    await store.drain()
    for (const table of ['reading', 'failed_read', 'line_statistics'])
      t.same(await reader.query(`select recorded_at from ${table}`), [{ recorded_at: drainedAt }], table)
    t.same(await reader.query('select received_at from frame'), [{ received_at: now }], 'the frame tells when it came')
  },
)

await t.test('a disk that takes nothing stops polling as a full spool does, whatever it says', async (t) => {
  const { store, batchOf, counts, goAway, breakDisk } = await open(t, 1_000_000)
  goAway(true)
  await store.store(batchOf(1n))
  for (const code of ['ENOSPC', 'EIO', 'EDQUOT']) {
    breakDisk(Object.assign(new Error(`${code}: write`), { code }))
    await t.rejects(store.store(batchOf(2n)), { name: 'SpoolFullError', message: new RegExp(code) })
    t.ok(store.isFull())
  }
  breakDisk(null)
  goAway(false)
  await store.drain()
  t.notOk(store.isFull())
  t.same(await counts(), each(1))
})

const serverSays = (code: string): Error => Object.assign(new pg.DatabaseError(code, 0, 'error'), { code })

await t.test('whatever fails without refusing the content is a database that is away', async (t) => {
  const { store, batchOf, counts, goAway } = await open(t, 1_000_000)
  const unfound = openDatabase({ url: 'postgresql://u:p@db.invalid/x', clock: createStillClock(now) })
  t.teardown(() => unfound.close())
  const failures = [
    await unfound.query('select 1').catch((error: unknown) => error),
    ...['53300', '53100', '57P03', '42501', '40001'].map(serverSays),
  ]
  for (const [index, failure] of failures.entries()) {
    goAway(true, failure)
    t.equal(await store.store(batchOf(BigInt(index + 1))), null, String(failure))
  }
  goAway(true, serverSays('22003'))
  await t.rejects(store.store(batchOf(50n)), { code: '22003' })
  goAway(false)
  t.equal(await store.drain(), failures.length)
  t.same(await counts(), each(failures.length))
})
