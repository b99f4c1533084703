import t from 'tap'
import { present } from '../../../domain/result.js'
import { completeLongWork, heartbeatWork, putOffWork } from '../../../storage/work/long-work.js'
import { claimWork, scheduleWork } from '../../../storage/work/work-items.js'
import { withDatabase } from '../../support/database.js'

const now = Date.UTC(2026, 2, 1)
const key = { kind: 'read', naturalKey: 'a' }

t.test('long work is kept by heartbeats, put off, taken by the next one and completed', async (t) => {
  const database = (await withDatabase(t)).as('headend')
  await scheduleWork(database, [{ ...key, dueAt: now, payload: {} }], now)
  const first = present(await claimWork(database, key, now, 1000), 'the first claim')
  t.equal(await heartbeatWork(database, first, now + 5000), true)
  t.equal(await claimWork(database, key, now + 4000, 1000), null, 'a heartbeat keeps others away')
  t.equal(await putOffWork(database, first, { now: now + 4500, dueAt: now + 9000, detail: '2 open' }), 'due')
  t.equal(await heartbeatWork(database, first, now + 9999), false, 'what was given back is not ours')
  t.equal(await claimWork(database, key, now + 8999, 1000), null, 'not due yet')

  const second = await claimWork(database, key, now + 9000, 1000)
  t.match(second, { attempt: 2, fencingToken: 2n })
  t.equal(await completeLongWork(database, first, now + 9001), 'lost')
  t.equal(await putOffWork(database, first, { now, dueAt: now, detail: 'late' }), 'lost')
  if (second !== null) t.equal(await completeLongWork(database, second, now + 9002), 'done')
  t.same(
    (await database.query<{ readonly detail: string }>('select detail from work_item_event order by ordinal')).map(
      ({ detail }) => detail,
    ),
    ['scheduled', 'attempt 1', '2 open', 'attempt 2', 'done'],
  )
})
