import t from 'tap'
import type { Database } from '../../../storage/database.js'
import { drain, leaseMs, performWork, retryPolicy } from '../../../storage/work/perform.js'
import {
  backOffMs,
  claimNextWork,
  claimWork,
  completeWork,
  failWork,
  scheduleWork,
} from '../../../storage/work/work-items.js'
import { withDatabase } from '../../support/database.js'
import { createStillClock } from '../../support/still-clock.js'

const now = Date.UTC(2026, 2, 1)
const clock = createStillClock(now)
const item = (naturalKey: string, dueAt = now) => ({ kind: 'read', naturalKey, dueAt, payload: { point: naturalKey } })

t.test('the delay doubles up to the longest, and ends with the last attempt', async (t) => {
  const policy = { attempts: 5, firstDelayMs: 100, longestDelayMs: 350 }
  for (const [attempt, expected] of [
    [1, 100],
    [2, 200],
    [3, 350],
    [4, 350],
    [5, null],
  ] as const)
    t.equal(backOffMs(attempt, policy), expected)
})

t.test('scheduling twice is scheduling once', async (t) => {
  const mdm = (await withDatabase(t)).as('mdm')
  t.equal(await scheduleWork(mdm, [item('b'), item('a')], now), 2)
  t.equal(await scheduleWork(mdm, [item('a', now + 5), item('c')], now), 1)
  t.strictSame(await mdm.query('select natural_key, due_at from work_item order by natural_key'), [
    { natural_key: 'a', due_at: now },
    { natural_key: 'b', due_at: now },
    { natural_key: 'c', due_at: now },
  ])
})

t.test('an item is claimed once, and again when its lease ran out; the first claim is then lost', async (t) => {
  const mdm = (await withDatabase(t)).as('mdm')
  await scheduleWork(mdm, [item('a'), item('later', now + 1)], now)
  const first = await claimNextWork(mdm, ['read'], now, 1000)
  t.match(first, { naturalKey: 'a', attempt: 1, fencingToken: 1n, leaseUntil: now + 1000, payload: { point: 'a' } })
  t.equal(await claimNextWork(mdm, ['read'], now, 1000), null)
  t.equal(await claimWork(mdm, { kind: 'read', naturalKey: 'a' }, now + 999, 1000), null)
  const second = await claimWork(mdm, { kind: 'read', naturalKey: 'a' }, now + 1000, 1000)
  t.match(second, { attempt: 2, fencingToken: 2n })
  if (first === null || second === null) return
  t.equal(await mdm.transaction((tx) => completeWork(tx, first, now + 1001)), 'lost')
  t.equal(await failWork(mdm, first, now + 1001, 'late', retryPolicy), 'lost')
  t.equal(await mdm.transaction((tx) => completeWork(tx, second, now + 1001)), 'done')
  t.strictSame(await eventsOf(mdm, 'a'), [
    '1 due scheduled',
    '2 running attempt 1',
    '3 running attempt 2',
    '4 done done',
  ])
})

t.test('a failed attempt leaves no effect, waits, and fails for good after the last', async (t) => {
  const database = await withDatabase(t)
  const mdm = database.as('mdm')
  await database.as('owner').execute('create table effect (at int8)')
  await database.as('owner').execute('grant insert, select on effect to shuangwu_mdm')
  await scheduleWork(mdm, [item('a')], now)
  let at = now
  for (let attempt = 1; attempt <= retryPolicy.attempts; attempt++) {
    const claimed = await claimNextWork(mdm, ['read'], at, leaseMs)
    t.equal(claimed?.attempt, attempt)
    if (claimed === null) return
    const outcome = await performWork(mdm, createStillClock(at), claimed, async (_, tx) => {
      await tx.execute('insert into effect values ($1)', [at])
      throw new Error('line is down')
    })
    t.equal(outcome, attempt === retryPolicy.attempts ? 'failed' : 'due')
    t.equal(await claimNextWork(mdm, ['read'], at, leaseMs), null, 'not due at once')
    at += retryPolicy.longestDelayMs
  }
  t.strictSame(await mdm.query('select from effect'), [])
  t.equal((await eventsOf(mdm, 'a')).at(-1), '17 failed line is down')
})

t.test('drain does what is due by due time and key, work scheduled on the way included', async (t) => {
  const mdm = (await withDatabase(t)).as('mdm')
  await scheduleWork(mdm, [item('b'), item('a'), item('early', now - 1), item('tomorrow', now + 1)], now)
  const order: string[] = []
  const report = await drain(mdm, clock, now, {
    read: async ({ naturalKey }, tx) => {
      order.push(naturalKey)
      if (naturalKey === 'a') await scheduleWork(tx, [item('follow-up')], now)
      if (naturalKey === 'b') throw new Error('no answer')
    },
  })
  t.strictSame(order, ['early', 'a', 'b', 'follow-up'])
  t.strictSame(report, { done: 3, failed: 1 })
})

async function eventsOf(database: Database, naturalKey: string): Promise<readonly string[]> {
  const rows = await database.query<{ readonly line: string }>(
    `select ordinal || ' ' || state || ' ' || detail as line from work_item_event where natural_key = $1 order by ordinal`,
    [naturalKey],
  )
  return rows.map((row) => row.line)
}
