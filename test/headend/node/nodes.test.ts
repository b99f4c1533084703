import t from 'tap'
import { createRealClock } from '../../../console/runtime/real-clock.js'
import { minuteMs } from '../../../domain/time.js'
import { dispatch } from '../../../headend/plan/dispatch.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { insertReadRequest } from '../../../storage/headend/read-requests.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { addressOf, firstMidnight } from '../../support/field-world.js'
import { count, openField, until } from './node-field.js'

const atMidnight = { ...createRealClock(), now: () => firstMidnight }
const openWindows = "work_item where kind = 'collect_window' and state <> 'done'"

await t.test(
  'three nodes share the lines, never two on one, and never more than the plan allows at once',
  async (t) => {
    // No node may take all three at once, so that another one has to.
    const limits = { ...defaultPlan.limits, concentrator: 3, node: 2 }
    const {
      database,
      recorder,
      startNode: start,
      lines,
    } = await openField(t, await withDatabase(t), {
      lines: 9,
      meters: 4,
      plan: { ...defaultPlan, limits },
    })
    // Nothing falls due before all are up: what is under test is how they share.
    const owner = database.as('owner')
    await dispatch({ database: database.as('headend'), clock: atMidnight }, { revision: null, plan: defaultPlan })
    await owner.execute("update work_item set due_at = due_at + interval '1 day'")
    const nodes = ['a', 'b', 'c'].map(start)
    for (const { log } of nodes)
      await until('all are up', async () => log.some(({ event }) => event === 'node_started'))
    await owner.execute("update work_item set due_at = due_at - interval '1 day'")
    await until(
      'all read',
      async () => (await count(database, 'reading')) === 36 && (await count(database, openWindows)) === 0,
    )
    t.same(
      recorder.lines.map(({ mostAtOnce, connections }) => [mostAtOnce, connections]),
      lines.map(() => [1, 1]),
      'one connection to each line, once',
    )
    t.equal(recorder.mostAtOnce(), 3, 'three lines of one host at once, as the plan says')
    t.ok(
      lines.every((line) => line.counters().collisions === 0),
      'nobody talks into another’s words',
    )
    const owners = await owner.query('select distinct owner from line_lease_event')
    t.ok(owners.length >= 2, `${owners.length} nodes took lines`)
    t.equal(await count(database, 'collection_fire'), 3, 'one fire for each schedule, whoever took it up')
    t.same(await Promise.all(nodes.map((node) => node.stop())), [0, 0, 0])
    t.equal(await count(database, 'line_lease where expires_at > now()'), 0, 'all given back')
  },
)

await t.test('a node that stood still between two requests says nothing more on a line that another has', async (t) => {
  const size = { lines: 1, meters: 12, baud: 9600, requestGapMs: 1500 }
  const { database, recorder, lines, startNode: start } = await openField(t, await withDatabase(t), size)
  const [line] = recorder.lines
  const asked = () => line?.asked.length ?? 0
  const first = start('first')
  // The stamp has come, and the registers under its index are asked for after the gap.
  await until('it is in the middle of a freeze', async () => asked() % 2 === 1)
  await createRealClock().sleep(500)
  first.standStill()
  const askedByFirst = asked()
  const second = start('second')
  await until('another talks', async () => asked() >= askedByFirst + 2)
  first.goOn()
  await until('the first finds out', async () => first.log.some(({ event }) => event === 'line_lost'))
  await until('the other has read on', async () => asked() >= askedByFirst + 6)
  t.equal(line?.askedOver.filter((over) => over === 1).length, askedByFirst, 'the first has said nothing since')
  t.equal(lines[0]?.counters().collisions, 0)
  t.same(await Promise.all([first.stop(), second.stop()]), [0, 0])
  t.equal(await count(database, 'failed_read'), 0, 'what it did not get to has not failed')
})

await t.test('a killed node’s line is taken over, and what was stored is not read again', async (t) => {
  const { database, recorder, startNode: start } = await openField(t, await withDatabase(t), { lines: 1, meters: 80 })
  const first = start('first')
  await until('some stored', async () => (await count(database, 'reading')) >= 64)
  await first.kill()
  const stored = await count(database, 'reading')
  const [line] = recorder.lines
  const askedBefore = line?.asked.length ?? 0
  const known = await database
    .as('owner')
    .query<{ readonly address: string }>(
      'select communication_address as address from reading join meter using (meter_id)',
    )
  t.ok(stored < 80, `${stored} of 80 stored when the node was killed`)

  const second = start('second')
  await until(
    'all read',
    async () => (await count(database, 'reading')) === 80 && (await count(database, openWindows)) === 0,
  )
  const askedAfter = new Set(line?.asked.slice(askedBefore))
  t.same(
    known.filter(({ address }) => askedAfter.has(address)),
    [],
    'no meter whose freeze is stored is asked again',
  )
  t.equal(askedAfter.size, 80 - stored)
  t.equal(line?.mostAtOnce, 1)
  t.equal(await count(database, 'line_lease_event'), 2)
  t.equal(await second.stop(), 0)
})

await t.test(
  'a node that is told to end stores what it has, gives its lines back, and another goes on at once',
  async (t) => {
    const { database, recorder, startNode: start } = await openField(t, await withDatabase(t), { lines: 1, meters: 80 })
    const first = start('first')
    await until('it talks', async () => (recorder.lines[0]?.asked.length ?? 0) >= 40)
    t.equal(await first.stop(), 0)
    t.match(first.log.at(-1), { event: 'node_ended' })
    const stored = await count(database, 'reading')
    const asked = recorder.lines[0]?.asked.length ?? 0
    t.equal(stored, new Set(recorder.lines[0]?.asked).size, 'every meter that was asked is stored')
    t.equal(await count(database, 'failed_read'), 0, 'what it did not get to has not failed')
    t.equal(await count(database, 'line_statistics'), 1)

    const second = start('second')
    await until('all read', async () => (await count(database, 'reading')) === 80)
    t.equal(recorder.lines[0]?.asked.length, asked + 2 * (80 - stored), 'only what was missing is asked for')
    t.equal(await second.stop(), 0)
  },
)

await t.test('a silent meter is seen to again between the passes, under nobody’s lease meanwhile', async (t) => {
  const {
    database,
    recorder,
    startNode: start,
  } = await openField(t, await withDatabase(t), { lines: 1, meters: 3, silent: [2] })
  const owner = database.as('owner')
  const node = start('only')
  await until('first pass over', async () => (await count(database, 'work_item_event')) === 3)
  t.same(
    await owner.query(
      `select state, due_at - failed_at between interval '119 seconds' and interval '150 seconds' as in_two_minutes, meter_id, cause from work_item, failed_read`,
    ),
    [{ state: 'due', in_two_minutes: true, meter_id: 2n, cause: 'no_reply' }],
  )
  t.equal(await count(database, 'line_lease where expires_at > now()'), 0)
  const askedBefore = recorder.lines[0]?.asked.length ?? 0
  await owner.execute("update work_item set due_at = due_at - interval '1 hour'")
  await until('tried again', async () => (await count(database, 'work_item_event')) === 5)
  t.same(recorder.lines[0]?.asked.slice(askedBefore), [addressOf(2)], 'nobody else is asked')
  t.equal(await count(database, 'failed_read'), 1, 'a look that brings nothing leaves no failure')
  t.equal(await count(database, 'window_forecast'), 1, 'foretold once')
  t.equal(await node.stop(), 0)
  t.match(
    node.log.find(({ event }) => event === 'pass_ends'),
    { outcome: 'open', due: 3, read: 2, open: 1 },
  )
  t.notMatch(JSON.stringify(node.log), addressOf(2), 'no meter in the log')
})

async function askFor(database: TestDatabase, now: number): Promise<readonly object[]> {
  const request = { meterId: 1n, lineId: 1n, items: ['00010000'], actor: 'asker', requestedAt: now }
  await database.as('owner').execute(`insert into actor values ('asker', '', 'person', now())`)
  await insertReadRequest(database.as('console'), { requestId: 'wanted', deadline: now + minuteMs, ...request })
  await until('answered', async () => (await count(database, 'read_request_result')) === 1)
  return database.as('owner').query('select outcome, cause from read_request_result')
}

await t.test('a read that somebody waits for goes between those of the plan', async (t) => {
  const {
    database,
    clock,
    recorder,
    startNode: start,
  } = await openField(t, await withDatabase(t), { lines: 1, meters: 80, baud: 9600 })
  const node = start('only')
  await until('it talks', async () => (recorder.lines[0]?.asked.length ?? 0) >= 10)
  t.same(await askFor(database, clock.now()), [{ outcome: 'read', cause: null }])
  t.ok((await count(database, 'reading')) < 80, 'the pass goes on')
  t.ok(node.log.some(({ event }) => event === 'on_demand_admitted'))
  await until('all read', async () => (await count(database, 'window_completion')) === 1)
  t.match(await database.as('owner').query('select jobs, done from window_completion'), [{ jobs: 80, done: 80 }])
  t.equal(recorder.lines[0]?.connections, 1)
  t.equal(await node.stop(), 0)
})

await t.test('a window that does not hold its reads is named, and nobody’s wish costs it one more', async (t) => {
  const [freezes, ...others] = defaultPlan.schedules
  const window = { opensMinutes: 5, closesMinutes: 7, passesMinutes: [5] }
  const plan = { ...defaultPlan, schedules: freezes === undefined ? [] : [{ ...freezes, window }, ...others] }
  const size = { lines: 1, meters: 120, baud: 1200, plan }
  const { database, clock, recorder, startNode: start } = await openField(t, await withDatabase(t), size)
  const node = start('only')
  await until('it talks', async () => (recorder.lines[0]?.asked.length ?? 0) >= 2)
  const [forecast] = await database
    .as('owner')
    .query<{ readonly unfit_jobs: number }>('select unfit_jobs from window_forecast')
  t.ok((forecast?.unfit_jobs ?? 0) > 0)
  t.match(
    node.log.find(({ event }) => event === 'window_infeasible'),
    { level: 'warn', unfitJobs: forecast?.unfit_jobs, missingMs: Number, reason: /窗口排不下/ },
  )
  t.same(await askFor(database, clock.now()), [{ outcome: 'refused', cause: 'would_cost_planned_reads' }])
  t.equal(await node.stop(), 0)
})
