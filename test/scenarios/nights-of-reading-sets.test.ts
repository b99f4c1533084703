import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { createRealClock } from '../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { present } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { dayMs, hourMs, type Instant, minuteMs, secondMs } from '../../domain/time.js'
import { approveOrder } from '../../headend/orders/approve-order.js'
import { approveStandingOrder, registerStandingOrder } from '../../headend/orders/register-standing-order.js'
import { proposeOrder } from '../../headend/orders/propose-order.js'
import { defaultPlan } from '../../headend/plan/default-plan.js'
import type { CollectionPlan, PlanSchedule } from '../../headend/plan/plan-document.js'
import { approvePlan, submitPlan } from '../../headend/plan/record-plan.js'
import type { MeterDescription } from '../../simulators/meter/description.js'
import { startRs485Line } from '../../simulators/rs485-line.js'
import { communicationByMeter } from '../../storage/headend/meter-statistics.js'
import { selectEvents } from '../../storage/headend/events.js'
import { orderResults } from '../../storage/headend/orders.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { type TestDatabase, withDatabase } from '../support/database.js'
import { firstMidnight, local, plantRegistry, simulatedMeter } from '../support/field-world.js'
import { credentialCode, credentialKey, plantCredential, plantPeople, secretPassword } from '../support/orders.js'
import { greatestQuarter, unevenLoad, unevenRegisters } from '../support/uneven-load.js'

const script = join(dirname(fileURLToPath(import.meta.url)), '..', 'headend', 'node', 'node-process.js')
const june = firstMidnight - 30 * dayMs
const slotMs = 15 * minuteMs
const baud = 115_200
const backfillDays = 2

const ordinary = 1
const drifting = 2
const older = 3
const silent = 4
const meters = [ordinary, drifting, older, silent]

const happenings = [
  { kind: '031100', from: firstMidnight - 4 * dayMs, to: firstMidnight - 4 * dayMs + hourMs },
  { kind: '03300D', from: firstMidnight - 3 * dayMs, to: firstMidnight - 3 * dayMs + minuteMs },
]
const descriptions: Readonly<Record<number, Partial<MeterDescription>>> = {
  [ordinary]: { habits: { happenings, feedInPercent: 10 } },
  [drifting]: { habits: { clock: { offsetMs: 6 * minuteMs }, passwords: { '02': secretPassword } } },
  // A minute slow: within what a broadcast may correct.
  [older]: { habits: { edition: '1997', clock: { offsetMs: -minuteMs } } },
}

const window = { opensMinutes: 100, closesMinutes: 360, passesMinutes: [100] }
const monthly: PlanSchedule['every'] = { unit: 'reading_day' }
const schedule = (name: string, every: PlanSchedule['every'] = { unit: 'day' }): PlanSchedule => ({
  name,
  template: name,
  group: 'buses',
  every,
  window,
  catchUp: true,
})
const plan: CollectionPlan = {
  ...defaultPlan,
  templates: [
    { name: 'freezes', reads: 'daily_freeze', quantities: ['reverse_active_energy'] },
    { name: 'months', reads: 'monthly_set' },
    { name: 'curves', reads: 'curve', curve: 'load_energy' },
    { name: 'events', reads: 'events' },
    { name: 'clocks', reads: 'clock' },
    { name: 'relays', reads: 'relay_status' },
  ],
  groups: [{ name: 'buses', kinds: ['dlt645_tcp'] }],
  schedules: [
    schedule('freezes'),
    schedule('months', monthly),
    schedule('curves'),
    schedule('events'),
    schedule('clocks'),
    schedule('relays'),
  ],
  ladder: { ...defaultPlan.ladder, backfillDays },
  models: { 'model-3': { edition: '1997' } },
}

/** A clock that runs as the real one does and can be put forward. */
function createJumpingClock(start: Instant): Clock & { readonly jumpTo: (instant: Instant) => void } {
  const real = createRealClock()
  let shift = start - real.now()
  return {
    ...real,
    now: () => real.now() + shift,
    jumpTo(instant) {
      shift = instant - real.now()
    },
  }
}

async function openTown(t: Test) {
  const clock = createJumpingClock(firstMidnight + 2 * hourMs)
  const database = await withDatabase(t)
  const bus = await startRs485Line(
    {
      name: 'line',
      endpoint: local,
      baud,
      meters: meters.map((ordinal) => ({
        meter: simulatedMeter(ordinal, { source: unevenLoad(ordinal), ...descriptions[ordinal] }),
        from: ordinal === silent ? 0 : Number.NEGATIVE_INFINITY,
        to: ordinal === silent ? 1 : null,
      })),
      damagedPermille: 10,
      outages: [],
    },
    { clock, network: createRealNetwork(), random: createSeededRandom(5) },
  )
  t.teardown(async () => {
    await bus.close()
  })
  const owner = database.as('owner')
  const settings = { ...bus.endpoint, baud, wakeUpBytes: 4, replyTimeoutMs: 2000, requestGapMs: 0 }
  await plantRegistry(owner, [
    { lineId: 1, code: 'line', kind: 'dlt645_tcp', settings, meters: meters.filter((each) => each !== older) },
    { lineId: 2, code: 'none', kind: 'dlt645_tcp', settings, meters: [] },
  ])
  await plantOlder(owner)
  await plantPeople(owner)
  await plantCredential(database.as('console'))
  const submission = { plan, author: 'author', reason: 'test', effectiveFrom: firstMidnight }
  const atMidnight = { ...clock, now: () => firstMidnight }
  const { revision } = await submitPlan(database.as('console'), atMidnight, submission)
  await approvePlan(database.as('console'), atMidnight, { revision, approver: 'first' })
  return { clock, database, owner, bus }
}

type Owner = ReturnType<TestDatabase['as']>

/** The meter of the 1997 edition is of a model of its own; all but the silent one bear an account. */
async function plantOlder(owner: Owner): Promise<void> {
  const since = toTimestamptz(june)
  await owner.execute(`insert into meter values ($1, 'meter-3', 'dlt645_2007', '000000000003', 'model-3', 6, 2)`, [
    older,
  ])
  await owner.execute(`insert into usage_point values ($1, 1, 'point-3', 1, 1, 'test')`, [older])
  await owner.execute(`insert into installation_timeline values ($1, 1, $2, null, $1, 1, $2, 'system', 'first')`, [
    older,
    since,
  ])
  await owner.execute(`insert into customer values (1, 'customer', 'customer', 'residential', false)`)
  for (const ordinal of meters.filter((each) => each !== silent)) {
    await owner.execute(`insert into account values ($1, 1, $2, 1)`, [ordinal, `account-${ordinal}`])
    await owner.execute(
      `insert into agreement_timeline values ($1, 1, $2, null, $1, 'tariff', '2026-01-01', $2, 'system', 'first')`,
      [ordinal, since],
    )
  }
}

function startNode(t: Test, database: TestDatabase, now: Instant) {
  const folder = t.testdir({ key: credentialKey.toString('hex'), spool: {} })
  const child = spawn(process.execPath, [script, database.url('headend'), 'node', String(now), join(folder, 'spool')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SHUANGWU_CREDENTIAL_KEY_FILE: join(folder, 'key') },
  })
  t.teardown(async () => {
    child.kill('SIGKILL')
  })
  const log: Readonly<Record<string, unknown>>[] = []
  createInterface(child.stdout).on('line', (line) => log.push(JSON.parse(line) as Readonly<Record<string, unknown>>))
  return {
    log,
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number]
      return code
    },
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const { sleep } = createRealClock()
  for (let look = 0; look < 900; look += 1) {
    if (await holds()) return
    await sleep(100)
  }
  throw new Error(`not within a minute and a half: ${what}`)
}

async function count(owner: Owner, from: string): Promise<number> {
  const [row] = await owner.query<{ readonly n: bigint }>(`select count(*) as n from ${from}`)
  return Number(row?.n ?? 0n)
}

await t.test('a reading day with months, curves, events, clocks and relays is what the meters counted', async (t) => {
  const { clock, database, owner } = await openTown(t)
  const node = startNode(t, database, clock.now())
  const windows = "work_item where kind = 'collect_window'"
  await until('all windows over or waiting', async () => {
    const [row] = await owner.query<{ readonly all: bigint; readonly idle: bigint }>(
      `select count(*) as all, count(*) filter (where state = 'done' or state = 'due' and due_at > $1) as idle from ${windows}`,
      [toTimestamptz(clock.now())],
    )
    return row?.all === 6n && row.idle === 6n
  })
  t.equal(await node.stop(), 0)
  const answering = meters.filter((each) => each !== silent)

  const dues = await owner.query<{ readonly template: string; readonly meters: readonly bigint[] }>(
    `select template, array_agg(meter_id order by meter_id) as meters from due_read where read_at = $1 group by 1 order by 1`,
    [toTimestamptz(firstMidnight)],
  )
  t.same(dues, [
    { template: 'curve_day', meters: [1n, 2n, 4n] },
    { template: 'daily_freeze', meters: [1n, 2n, 3n, 4n] },
    { template: 'monthly_set', meters: [1n, 2n, 3n] },
  ])
  const purposes = await owner.query(
    `select meter_id, purpose from due_purpose where template = 'monthly_set' order by 1`,
  )
  t.equal(purposes.length, 3)
  const served = await owner.query<{ readonly template: string; readonly meter_id: bigint }>(
    `select d.template, d.meter_id from due_read d
      where d.read_at = $1 and exists (select from served_read s
        where (s.meter_id, s.template, s.read_at) = (d.meter_id, d.template, d.read_at)) order by 1, 2`,
    [toTimestamptz(firstMidnight)],
  )
  t.same(
    served.map(({ template, meter_id }) => `${template} ${meter_id}`),
    [
      'curve_day 1',
      'curve_day 2',
      'daily_freeze 1',
      'daily_freeze 2',
      'monthly_set 1',
      'monthly_set 2',
      'monthly_set 3',
    ],
  )

  const settled = await owner.query(
    'select meter_id, settled_at, total_e4 from settlement_reading where quantity = 1 order by 1',
  )
  t.same(
    settled,
    answering.map((ordinal) => ({
      meter_id: BigInt(ordinal),
      settled_at: firstMidnight,
      total_e4: unevenRegisters(ordinal, meterMidnight(ordinal)).totalE4,
    })),
  )
  const [demand] = await owner.query('select total_e4, total_at from demand_reading where meter_id = $1', [ordinary])
  const greatest = greatestQuarter(ordinary, june, firstMidnight)
  t.match(demand, { total_e4: greatest.valueE4, total_at: greatest.occurredAt })

  const pieces = await owner.query<{ readonly slot_end: Instant; readonly values_e4: readonly bigint[] }>(
    'select slot_end, values_e4 from interval_piece where meter_id = $1 and curve = 4 order by 1',
    [ordinary],
  )
  t.equal(pieces.length, (backfillDays * dayMs) / slotMs)
  t.same(
    pieces.map(({ values_e4 }) => values_e4[0]),
    pieces.map(({ slot_end }) => unevenRegisters(ordinary, slot_end).totalE4),
  )
  t.equal(await count(owner, 'interval_piece where meter_id = 2'), (backfillDays * dayMs) / slotMs)

  const events = await selectEvents(database.as('headend'), BigInt(ordinary), { from: june, to: firstMidnight })
  t.same(
    events.map(({ kind, occurred_at, ended_at }) => [kind, occurred_at, ended_at]),
    [
      ['cover_opened', happenings[1]?.from, happenings[1]?.to],
      ['mains_lost', happenings[0]?.from, happenings[0]?.to],
    ],
  )
  t.same(await owner.query('select meter_id, class from clock_check order by 1'), [
    { meter_id: 1n, class: 'ok' },
    { meter_id: 2n, class: 'out_of_limit' },
    { meter_id: 3n, class: 'drifting' },
  ])
  t.same(await owner.query('select meter_id, relay_open from relay_status order by 1'), [
    { meter_id: 1n, relay_open: false },
    { meter_id: 2n, relay_open: false },
  ])
  t.equal(await count(owner, 'reading where meter_id = 1 and quantity = 2'), 1, 'what it fed in, too')

  const failures = await owner.query<{ readonly template: string }>(
    `select distinct template, cause from failed_read where meter_id = 4 order by 1`,
  )
  t.same(
    failures,
    ['clock', 'curve_day', 'daily_freeze', 'events', 'further_freeze', 'relay_status'].map((template) => ({
      template,
      cause: 'no_reply',
    })),
    'each template has its failure of the silent meter',
  )
  const heard = await communicationByMeter(database.as('headend'), { from: june, to: firstMidnight + dayMs })
  t.ok(heard.every(({ code, replies }) => (code === 'meter-4' ? replies === 0n : replies > 0n)))
  present(
    heard.find(({ code }) => code === 'meter-4'),
    'statistics of the silent meter',
  )

  await t.test('another node that comes the same night asks for nothing that is there', async (t) => {
    const before = await count(owner, 'interval_piece')
    const again = startNode(t, database, clock.now())
    await until('the node is up', async () => again.log.some(({ event }) => event === 'node_started'))
    await createRealClock().sleep(3 * secondMs)
    t.equal(await again.stop(), 0)
    t.equal(await count(owner, 'interval_piece'), before)
  })

  await t.test('an approved order sets the drifting clock, and the next check finds it right', async (t) => {
    clock.jumpTo(firstMidnight + 10 * hourMs + 2 * minuteMs)
    const console = database.as('console')
    const proposed = await proposeOrder(console, clock, {
      meterCode: 'meter-2',
      kind: 'set_clock',
      parameters: { mostStepSeconds: 600 },
      credentialCode,
      reason: 'clock check of this night',
      author: 'author',
      notBefore: clock.now(),
      expiresAt: clock.now() + hourMs,
    })
    if (!proposed.ok) throw new Error(JSON.stringify(proposed.error))
    const { orderId } = proposed.value.order
    const day = startNode(t, database, clock.now())
    await until('the node is up', async () => day.log.some(({ event }) => event === 'node_started'))
    await createRealClock().sleep(2 * secondMs)
    t.equal(await count(owner, 'meter_order_use'), 0, 'nothing is written that nobody approved')
    t.ok((await approveOrder(console, clock, { orderId, actor: 'first' })).ok)
    await until('a result', async () => (await count(owner, 'meter_order_result')) > 0)
    t.match(await orderResults(console, orderId), [{ ordinal: 1, verdict: 'verified' }])
    await until('the night is tallied', async () => (await count(owner, 'night_tally')) > 0)
    t.equal(await day.stop(), 0)
    t.notMatch(JSON.stringify(day.log), secretPassword)

    clock.jumpTo(firstMidnight + dayMs + 2 * hourMs)
    const next = startNode(t, database, clock.now())
    await until('the next check', async () => (await count(owner, 'clock_check where meter_id = 2')) === 2)
    t.equal(await next.stop(), 0)
    t.match(await owner.query('select class from clock_check where meter_id = 2 order by checked_at desc limit 1'), [
      { class: 'ok' },
    ])
    t.equal(await count(owner, 'meter_order_use'), 1)
  })

  await t.test('a line is told the time once a day, when no clock of it is too far off any more', async (t) => {
    const console = database.as('console')
    const standing = {
      code: 'time',
      version: 1,
      kind: 'broadcast_time',
      validFrom: '2026-07-01',
      validTo: '2027-07-01',
    }
    t.ok((await registerStandingOrder(console, clock, standing, 'author')).ok)
    for (const actor of ['first', 'second'])
      t.ok((await approveStandingOrder(console, clock, { code: 'time', version: 1, actor })).ok)
    clock.jumpTo(firstMidnight + dayMs + 2 * hourMs + 10 * minuteMs)
    const teller = startNode(t, database, clock.now())
    await until('the time was told', async () => teller.log.some(({ event }) => event === 'time_broadcast'))
    t.equal(await teller.stop(), 0)
    t.match(await owner.query('select line_id, code from standing_order_use'), [{ line_id: 1n, code: 'time' }])

    clock.jumpTo(firstMidnight + 2 * dayMs + 2 * hourMs)
    const next = startNode(t, database, clock.now())
    await until('the check after it', async () => (await count(owner, 'clock_check where meter_id = 3')) === 3)
    t.equal(await next.stop(), 0)
    const [last] = await owner.query(
      'select class from clock_check where meter_id = 3 order by checked_at desc limit 1',
    )
    t.match(last, { class: 'ok' })
  })
})

/** The moment at which a meter's own clock shows the midnight. */
function meterMidnight(ordinal: number): Instant {
  return firstMidnight - (descriptions[ordinal]?.habits?.clock?.offsetMs ?? 0)
}
