import { Registry } from 'prom-client'
import t from 'tap'
import { registerDatabaseFigures } from '../../../headend/metrics/database-figures.js'
import { beijing, dayMs, hourMs, minuteMs } from '../../../domain/time.js'
import { fieldFigures, paperFigures } from '../../../storage/headend/head-end-figures.js'
import { insertOrder } from '../../../storage/headend/orders.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { withDatabase } from '../../support/database.js'
import { plantRegistry } from '../../support/field-world.js'
import { orderOf, plantPeople } from '../../support/orders.js'

const midnight = beijing.startOfDay('2026-07-04')
const now = midnight + 6 * hourMs

await t.test('papers, concentrators and the field are told with the rights of the head-end', async (t) => {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantRegistry(owner, [
    { lineId: 1, code: 'line-1', kind: 'dlt645_tcp', settings: {}, meters: [1, 2] },
    { lineId: 2, code: 'c1', kind: 'mqtt_concentrator', settings: {}, meters: [11] },
  ])
  await plantPeople(owner)
  await ensureTimePartitions(owner, midnight - 8 * dayMs, midnight + 7 * dayMs)
  await insertOrder(databases.as('console'), orderOf(now))
  await insertOrder(databases.as('console'), orderOf(now, { expiresAt: now - minuteMs, reason: 'over' }))
  await owner.execute(`insert into collection_plan values (1, '{}', sha256(''), $1, $1, 'author', 'test')`, [
    toTimestamptz(now),
  ])
  await owner.execute(
    `insert into due_read (meter_id, read_at, usage_point_id, line_id, recorded_at) select m, $1, m, 1, $1 from generate_series(1, 2) m`,
    [toTimestamptz(midnight)],
  )
  await owner.execute(
    `insert into reading (meter_id, quantity, read_at, total_e4, source, recorded_at) values (1, 1, $1, 1, 1, $1)`,
    [toTimestamptz(midnight)],
  )
  await owner.execute(
    `insert into clock_check (meter_id, checked_at, meter_time, offset_ms, uncertainty_ms, class, frame_received_at, recorded_at)
     select 1, $1::timestamptz + n * interval '1 minute', $1, 0, 0, 'ok', $1, $1 from generate_series(1, 2) n`,
    [toTimestamptz(midnight)],
  )
  const headend = databases.as('headend')
  const papers = await paperFigures(headend, now)
  const shown = (rows: typeof papers.orders) => rows.map(({ label, count }) => `${label} ${count}`).toSorted()
  t.same(shown(papers.orders), ['expired_unused 1', 'fate_unknown 0', 'waiting 1'])
  t.same(shown(papers.concentrators), ['unknown 1'])
  t.same(shown(papers.approvalsWaiting), [
    'approval_right 0',
    'collection_plan 1',
    'exemption 0',
    'order 1',
    'order_rule 0',
    'standing_order 0',
    'table_push 0',
  ])
  const field = await fieldFigures(headend, now)
  t.same(shown(field.duePoints), ['open 1', 'read 1'])
  t.same(shown(field.clocks), ['ok 1'], 'a meter that was checked twice counts once')
  const registry = new Registry()
  registerDatabaseFigures(registry, { now: () => now, papers: async () => papers, field: async () => field })
  await answered()
  t.match(await registry.metrics(), /shuangwu_headend_orders\{state="fate_unknown"\} 0/)
})

/** What was asked for before has been answered. */
function answered(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

await t.test('the database is asked seldom, and what it said stands while it is away', async (t) => {
  const registry = new Registry()
  let at = 0
  let asked = 0
  let away = false
  registerDatabaseFigures(registry, {
    now: () => at,
    papers: async () => {
      asked += 1
      if (away) throw new Error('gone')
      return { approvalsWaiting: [], orders: [{ label: 'waiting', count: asked }], concentrators: [] }
    },
    field: async () => ({ duePoints: [{ label: 'open', count: 7 }], clocks: [], events: [] }),
  })
  const look = async () => {
    await registry.metrics()
    await answered()
    return registry.metrics()
  }
  t.match(await look(), /shuangwu_headend_orders\{state="waiting"\} 1/)
  t.match(await look(), /shuangwu_headend_due_points\{state="open"\} 7/)
  t.equal(asked, 1, 'three families and two looks ask once')
  at += minuteMs
  t.match(await look(), /orders\{state="waiting"\} 2/)
  away = true
  at += minuteMs
  t.match(await look(), /orders\{state="waiting"\} 2/)
})

await t.test('a question that takes its time holds up no scrape', async (t) => {
  const registry = new Registry()
  const nothing = { approvalsWaiting: [], orders: [], concentrators: [] }
  let answer = (): void => undefined
  registerDatabaseFigures(registry, {
    now: () => 0,
    papers: async () => nothing,
    field: () =>
      new Promise((resolve) => {
        answer = () => resolve({ duePoints: [{ label: 'open', count: 7 }], clocks: [], events: [] })
      }),
  })
  t.notMatch(await registry.metrics(), /due_points\{/)
  answer()
  await answered()
  t.match(await registry.metrics(), /due_points\{state="open"\} 7/)
})
