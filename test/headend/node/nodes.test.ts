import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { createRealClock } from '../../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../../console/runtime/real-network.js'
import { createShiftedClock } from '../../../console/runtime/shifted-clock.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { minuteMs } from '../../../domain/time.js'
import { dispatch } from '../../../headend/plan/dispatch.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import type { CollectionPlan } from '../../../headend/plan/plan-document.js'
import { approvePlan, submitPlan } from '../../../headend/plan/record-plan.js'
import { type Rs485Line, startRs485Line } from '../../../simulators/rs485-line.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { addressOf, firstMidnight, local, plantRegistry, simulatedMeter } from '../../support/field-world.js'
import { recordLines } from '../../support/line-recorder.js'

const script = join(dirname(fileURLToPath(import.meta.url)), 'node-process.js')
const serial = { wakeUpBytes: 4, replyTimeoutMs: 3000, requestGapMs: 0 }

interface Teardown {
  readonly teardown: (act: () => Promise<void> | void) => void
}

interface FieldSize {
  readonly lines: number
  readonly meters: number
  readonly baud?: number
  /** Ordinals that never answer. */
  readonly silent?: readonly number[]
  readonly plan?: CollectionPlan
}

/** Lines in this process, with somebody who listens; nodes come as processes. It is six minutes past midnight. */
async function openField(t: Teardown, { lines, meters, baud = 57_600, silent = [], plan }: FieldSize) {
  const clock = createShiftedClock(createRealClock(), firstMidnight + 6 * minuteMs)
  const recorder = recordLines(createRealNetwork())
  const random = createSeededRandom(1)
  const database = await withDatabase(t)
  const ordinals = (line: number) => Array.from({ length: meters }, (_, index) => line * meters + index + 1)
  const started: Rs485Line[] = []
  for (let line = 0; line < lines; line += 1)
    started.push(
      await startRs485Line(
        {
          name: `line-${line}`,
          endpoint: local,
          baud,
          meters: ordinals(line).map((ordinal) => ({
            meter: simulatedMeter(ordinal),
            from: 0,
            to: silent.includes(ordinal) ? 1 : null,
          })),
          damagedPermille: 0,
          outages: [],
        },
        { clock, random, network: recorder.network },
      ),
    )
  t.teardown(async () => {
    await Promise.all(started.map((line) => line.close()))
  })
  await plantRegistry(
    database.as('owner'),
    started.map(({ name, endpoint }, line) => ({
      lineId: line + 1,
      code: name,
      kind: 'dlt645_tcp',
      settings: { ...endpoint, ...serial, baud },
      meters: ordinals(line),
    })),
  )
  if (plan !== undefined) await putInForce(database, plan)
  return {
    database,
    clock,
    recorder,
    lines: started,
    startNode: (name: string) => startNode(t, database, name, clock.now()),
  }
}

async function putInForce(database: TestDatabase, plan: CollectionPlan): Promise<void> {
  const clock = { ...createRealClock(), now: () => firstMidnight }
  await database
    .as('owner')
    .execute(`insert into actor values ('lead', '', 'person', now()), ('head', '', 'person', now())`)
  const submission = { plan, author: 'lead', reason: 'test', effectiveFrom: firstMidnight }
  const { revision } = await submitPlan(database.as('console'), clock, submission)
  await approvePlan(database.as('console'), clock, { revision, approver: 'head' })
}

type LogLine = Readonly<Record<string, unknown>>

function startNode(t: Teardown, database: TestDatabase, name: string, now: number) {
  const child = spawn(process.execPath, [script, database.url('headend'), name, String(now)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => void child.kill('SIGKILL'))
  const log: LogLine[] = []
  const read = createInterface(child.stdout)
  read.on('line', (line) => log.push(JSON.parse(line) as LogLine))
  return {
    log,
    kill: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number]
      return code
    },
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const { sleep } = createRealClock()
  for (let look = 0; look < 600; look += 1) {
    if (await holds()) return
    await sleep(100)
  }
  throw new Error(`not within a minute: ${what}`)
}

async function count(database: TestDatabase, from: string): Promise<number> {
  const [row] = await database.as('owner').query<{ readonly n: bigint }>(`select count(*) as n from ${from}`)
  return Number(row?.n ?? 0n)
}

const atMidnight = { ...createRealClock(), now: () => firstMidnight }
const openWindows = "work_item where kind = 'collect_window' and state <> 'done'"

await t.test(
  'three nodes share the lines, never two on one, and never more than the plan allows at once',
  async (t) => {
    // No node may have all three at once, so that several must share.
    const limits = { ...defaultPlan.limits, concentrator: 3, node: 2 }
    const {
      database,
      clock,
      recorder,
      startNode: start,
      lines,
    } = await openField(t, {
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
    t.equal(
      await count(database, `line_lease where expires_at > '${new Date(clock.now()).toISOString()}'`),
      0,
      'all given back',
    )
  },
)

await t.test('a killed node’s line is taken over, and what was stored is not read again', async (t) => {
  const { database, recorder, startNode: start } = await openField(t, { lines: 1, meters: 80 })
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
    const { database, recorder, startNode: start } = await openField(t, { lines: 1, meters: 80 })
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

await t.test('a silent meter leaves its window open for the next pass, under nobody’s lease', async (t) => {
  const { database, startNode: start } = await openField(t, { lines: 1, meters: 3, silent: [2] })
  const node = start('only')
  await until('first pass over', async () => (await count(database, 'work_item_event')) === 3)
  t.match(await database.as('owner').query('select state, due_at from work_item'), [
    { state: 'due', due_at: firstMidnight + 15 * minuteMs },
  ])
  t.same(await database.as('owner').query('select meter_id, cause from failed_read'), [
    { meter_id: 2n, cause: 'no_reply' },
  ])
  t.equal(await node.stop(), 0)
  t.match(
    node.log.find(({ event }) => event === 'pass_ends'),
    { outcome: 'open', due: 3, read: 2, open: 1 },
  )
  t.notMatch(JSON.stringify(node.log), addressOf(2), 'no meter in the log')
})
