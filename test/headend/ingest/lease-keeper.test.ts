import t from 'tap'
import { present } from '../../../domain/result.js'
import { dayMs, hourMs, type Instant, minuteMs, secondMs } from '../../../domain/time.js'
import { createLeaseKeeper, type ServerTime } from '../../../headend/ingest/lease-keeper.js'
import { withDatabase } from '../../support/database.js'

const now = Date.parse('2026-07-15T02:00:00Z')
const showing = (shown: Instant) => ({ now: () => shown })

await t.test('no clock of a node makes the lease of another look over', async (t) => {
  const databases = await withDatabase(t)
  const database = databases.as('headend')
  const holder = createLeaseKeeper(database, showing(now - 21 * secondMs), { owner: 'a' })
  const lease = present(await holder.acquire(1n, minuteMs), 'a lease')
  for (const aheadMs of [0, 21 * secondMs, hourMs, 400 * dayMs]) {
    const other = createLeaseKeeper(database, showing(now + aheadMs), { owner: 'b' })
    t.equal(await other.acquire(1n, minuteMs), null, `a node ${aheadMs} ms ahead`)
  }
  t.same(await holder.acquire(1n, minuteMs), lease, 'and the holder goes on under its token')
  await databases.as('owner').execute(`update line_lease set expires_at = now()`)
  const next = createLeaseKeeper(database, showing(now - dayMs), { owner: 'b' })
  t.equal((await next.acquire(1n, minuteMs))?.fencingToken, lease.fencingToken + 1n, 'over by the server’s clock')
  t.equal(await holder.acquire(1n, minuteMs), null)
})

await t.test('each lease tells what the server’s clock shows', async (t) => {
  const databases = await withDatabase(t)
  const heard: ServerTime[] = []
  const keeper = createLeaseKeeper(databases.as('headend'), showing(now), {
    owner: 'a',
    onServerTime: (time) => heard.push(time),
  })
  await keeper.acquire(1n, minuteMs)
  await keeper.acquire(1n, minuteMs)
  t.match(heard, [
    { askedAt: now, answeredAt: now, serverTime: Number },
    { askedAt: now, answeredAt: now, serverTime: Number },
  ])
  const [row] = await databases
    .as('reader')
    .query<{ readonly near: boolean }>(`select abs(extract(epoch from now()) * 1000 - $1::float8) < 60000 as near`, [
      heard[1]?.serverTime ?? 0,
    ])
  t.equal(row?.near, true)
})
