import t from 'tap'
import { present } from '../../../domain/result.js'
import { beijing, dayMs, hourMs, minuteMs, secondMs } from '../../../domain/time.js'
import { type ExecutedBroadcast, executeBroadcast } from '../../../headend/orders/execute-broadcast.js'
import { askClock } from '../../../headend/orders/shown-clock.js'
import { approveStandingOrder, registerStandingOrder } from '../../../headend/orders/register-standing-order.js'
import { openDlt645Line } from '../../../headend/sessions/dlt645-line.js'
import { ownLine, type TalkRight } from '../../../headend/sessions/talk-right.js'
import { secondStamp } from '../../../protocols/dlt645/time-fields.js'
import { meterTimeAt } from '../../../protocols/dlt645/time-formats.js'
import { openDatabase } from '../../../storage/database.js'
import { withDatabase } from '../../support/database.js'
import { addressOf, createWorld, plantRegistry, simulatedMeter } from '../../support/field-world.js'
import { plantLease, plantPeople } from '../../support/orders.js'
import { createSniffedLine } from '../../support/sniffed-line.js'

const start = beijing.startOfDay('2026-07-15') + 3 * hourMs + 15 * minuteMs
const settings = { baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 500, requestGapMs: 50 }
const document = { code: 'time', version: 1, kind: 'broadcast_time', validFrom: '2026-07-01', validTo: '2027-07-01' }

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

async function arrange(t: Teardown, requestGapMs = settings.requestGapMs) {
  const world = createWorld(start)
  const { clock } = world
  /** How much longer than asked for the line's process sleeps, as one that was stopped does. */
  const process = { standsStillMs: 0 }
  const lineClock = { ...clock, sleep: (delayMs: number) => clock.sleep(delayMs + process.standsStillMs) }
  const release = clock.hold()
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantRegistry(owner, [{ lineId: 1, code: 'line-1', kind: 'dlt645_tcp', settings: {}, meters: [1, 2] }])
  await plantPeople(owner)
  await plantLease(owner, 1n)
  const console = openDatabase({ url: databases.url('console'), clock })
  const headend = openDatabase({ url: databases.url('headend'), clock })
  const sniffed = createSniffedLine(
    world,
    [200, -100].map((offsetS, at) => simulatedMeter(at + 1, { habits: { clock: { offsetMs: offsetS * secondMs } } })),
  )
  const line = openDlt645Line({
    clock: lineClock,
    connect: sniffed.connect,
    settings: { ...settings, requestGapMs },
  })
  t.teardown(async () => {
    line.close()
    clock.close()
    await console.close()
    await headend.close()
  })
  release()
  await line.ready(start + minuteMs)

  async function clocks() {
    const shown = []
    for (const meter of [1, 2]) {
      const { clock: read } = await askClock(line, clock, addressOf(meter))
      shown.push({ meterId: BigInt(meter), ...present(read, 'a clock'), checkedAt: clock.now() })
    }
    return shown
  }

  return {
    console,
    headend,
    clock,
    sniffed,
    clocks,
    async broadcast(token = 1n, right: TalkRight = ownLine, standsStillMs = 0): Promise<ExecutedBroadcast> {
      const lease = { lineId: 1n, fencingToken: token }
      const target = { lineId: 1n, code: 'line-1', calendar: beijing, clocks: await clocks() }
      const deadline = clock.now() + minuteMs
      const told = { database: headend, clock, line: line.under(right), lease, node: 'node-1', deadline }
      process.standsStillMs = standsStillMs
      return executeBroadcast(told, target)
    },
  }
}

await t.test('a line is told the time under a standing order of two approvals, once a day', async (t) => {
  const { console, headend, clock, sniffed, clocks, ...line } = await arrange(t)
  const broadcast = (token?: bigint) => line.broadcast(token)
  t.match(await broadcast(), { kind: 'not_sent', reason: 'standing_order_not_approved' })
  t.match(await registerStandingOrder(console, clock, document, 'author'), { ok: true, value: { kind: 'created' } })
  t.match(await registerStandingOrder(console, clock, document, 'author'), { ok: true, value: { kind: 'exists' } })
  t.match(await registerStandingOrder(console, clock, { ...document, mostStepSeconds: 100 }, 'author'), {
    ok: false,
    error: { kind: 'exists_with_different_document' },
  })
  const approve = (actor: string) => approveStandingOrder(console, clock, { code: 'time', version: 1, actor })
  for (const [actor, kind] of [
    ['author', 'author_is_approver'],
    ['system', 'approver_not_person'],
    ['nobody', 'actor_unknown'],
  ] as const)
    t.match(await approve(actor), { ok: false, error: { kind } }, actor)
  t.ok((await approve('first')).ok)
  t.match(await broadcast(), { kind: 'not_sent', reason: 'standing_order_not_approved' })
  t.ok((await approve('second')).ok)
  t.match(await broadcast(0n), { kind: 'not_sent', reason: 'not_line_owner' })
  t.same(sniffed.writes(), [])

  t.same(await broadcast(), { kind: 'sent', code: 'time', version: 1 })
  t.match(sniffed.writes(), [{ message: { function: 'broadcast_time', address: '999999999999' } }])
  for (const { offsetMs } of await clocks()) t.ok(Math.abs(offsetMs) <= 1500, `the clocks are right: ${offsetMs} ms`)

  t.match(await broadcast(), { kind: 'not_sent', reason: 'broadcast_done_today' })
  await clock.sleep(dayMs)
  t.same(await broadcast(), { kind: 'sent', code: 'time', version: 1 })
  const uses = await headend.query('select service_date::text as day from standing_order_use order by 1')
  t.same(uses, [{ day: '2026-07-15' }, { day: '2026-07-16' }], 'one use a line and day')
  t.equal(sniffed.writes().length, 2)
})

async function approved({ console, clock }: Awaited<ReturnType<typeof arrange>>): Promise<void> {
  await registerStandingOrder(console, clock, document, 'author')
  for (const actor of ['first', 'second'])
    await approveStandingOrder(console, clock, { code: 'time', version: 1, actor })
}

await t.test('the time that goes out is that of the moment at which it goes out', async (t) => {
  const scene = await arrange(t, 1500)
  await approved(scene)
  t.same(await scene.broadcast(), { kind: 'sent', code: 'time', version: 1 })
  const [told] = scene.sniffed.writes()
  const { at, message } = present(told, 'a frame')
  t.same(message.payload, secondStamp.write(meterTimeAt(at + secondMs / 2)))
})

await t.test('the time of a process that stood still after its approval does not go out', async (t) => {
  const scene = await arrange(t, 1500)
  const { headend, sniffed } = scene
  await approved(scene)
  t.match(await scene.broadcast(1n, ownLine, 45 * secondMs), { kind: 'not_sent', reason: 'frame_stale' })
  t.same(sniffed.writes(), [])
  const unsent =
    'select u.code, n.reason from standing_order_use u join standing_order_unsent n using (line_id, service_date)'
  t.same(
    await headend.query(unsent),
    [{ code: 'time', reason: 'frame_stale' }],
    'the use of the day is without a frame',
  )
  t.match(await scene.broadcast(), { kind: 'not_sent', reason: 'broadcast_done_today' })
})

await t.test('nobody is told the time on a line that may be another’s', async (t) => {
  const scene = await arrange(t)
  await approved(scene)
  t.match(await scene.broadcast(1n, { isSafe: () => false }), { kind: 'not_sent', reason: 'line_lost' })
  t.same(scene.sniffed.writes(), [])
})

await t.test('a later version ends it as soon as two have approved', async (t) => {
  const { console, clock, sniffed, ...line } = await arrange(t)
  const broadcast = () => line.broadcast()
  for (const version of [1, 2]) {
    await registerStandingOrder(console, clock, { ...document, version, enabled: version === 1 }, 'author')
    for (const actor of ['first', 'second']) {
      await approveStandingOrder(console, clock, { code: 'time', version, actor })
    }
  }
  t.match(await broadcast(), { kind: 'not_sent', reason: 'standing_order_disabled' })
  t.same(sniffed.writes(), [])
})

await t.test('the database refuses a use that the standing order does not cover', async (t) => {
  const { console, headend, clock } = await arrange(t)
  await registerStandingOrder(console, clock, document, 'author')
  const use = `insert into standing_order_use values (1, '2026-07-15', 'time', 1, 'node-1', 1, '2026-07-15T00:00:00Z')`
  await t.rejects(headend.execute(use), /lacks approvals/)
  await t.rejects(console.execute(use), /permission denied/)
})
