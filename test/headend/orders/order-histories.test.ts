import t from 'tap'
import type { MeterOrder } from '../../../domain/meter-order.js'
import type { Random } from '../../../domain/runtime.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { beijing, hourMs, type Instant, minuteMs, secondMs } from '../../../domain/time.js'
import { type ExecutedOrder, executeOrder } from '../../../headend/orders/execute-order.js'
import { type Dlt645Line, openDlt645Line } from '../../../headend/sessions/dlt645-line.js'
import { openDatabase } from '../../../storage/database.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { withDatabase } from '../../support/database.js'
import { addressOf, createWorld, plantRegistry, simulatedMeter } from '../../support/field-world.js'
import {
  credentialCode,
  credentialKey,
  orderOf,
  people,
  plantCredential,
  plantLease,
  plantPeople,
  secretPassword,
} from '../../support/orders.js'
import { createSniffedLine } from '../../support/sniffed-line.js'

const seed = 645
/** SHUANGWU_ORDER_HISTORIES=10000 for the long run; the everyday one leaves time for the other tests. */
const histories = Number(process.env['SHUANGWU_ORDER_HISTORIES'] ?? 1000)
/** Orders that are on their way at the same time. */
const batchSize = 100
const start = beijing.startOfDay('2026-07-15') + 6 * hourMs
const settings = { baud: 9600, wakeUpBytes: 0, replyTimeoutMs: 500, requestGapMs: 0 }
const meters = [1, 2, 3, 4, 5, 6, 7, 8]
/** Hang on a line that this node does not own. */
const elsewhere = [9, 10]

const acts: readonly (readonly [kind: string, parameters: object])[] = [
  ['set_clock', { item: '0400010C', mostStepSeconds: 3600, acrossDays: false }],
  ['set_clock', { item: '0400010C', mostStepSeconds: 1, acrossDays: false }],
  ['tariff_table', { item: '04020001', values: ['000001', '120002'] }],
  ['relay_permit_close', { validMinutes: 10 }],
  ['event_reset', { events: 'FFFFFFFF' }],
  ['freeze', {}],
]

/** For each frame that was heard the orders whose use vouches for it, judged by SQL alone. */
const vouchersOfFrames = `
  select heard.ordinal, array_remove(array_agg(vouching.order_id::text), null) as orders
    from unnest($1::int[], $2::text[], $3::timestamptz[]) heard (ordinal, address, heard_at)
    left join lateral (
      select u.order_id from meter_order_use u
        join meter_order o using (order_id)
        join installation_timeline i on i.meter_id = o.meter_id and i.line_id = u.line_id
        join meter m on m.meter_id = o.meter_id
       where m.communication_address = heard.address and o.communication_address = heard.address
         and u.used_at <= heard_at and u.used_at > heard_at - interval '500 ms'
         and u.line_id = 1 and o.not_before <= heard_at and o.expires_at > heard_at and o.reason <> 'edited'
         and (select count(*) from meter_order_approval a where a.order_id = o.order_id and a.approver <> o.author
                and a.approved_at <= u.used_at)
             >= (select r.approvals from meter_order_rule r where r.kind = o.kind)) vouching on true
   group by heard.ordinal order by heard.ordinal`

/** How a process that executes an order ends. */
const fates = [
  'finishes',
  'finishes',
  'finishes',
  'dies_before_sending',
  'dies_after_sending',
  'hears_nothing',
] as const
type Fate = (typeof fates)[number]

interface History {
  readonly order: MeterOrder
  readonly approvers: readonly string[]
  readonly edited: boolean
  readonly fates: readonly Fate[]
}

class Killed extends Error {}

function historyOf(random: Random, ordinal: number, now: Instant): History {
  const draw = (bound: number, ...what: readonly (string | number)[]) =>
    random.below(bound, 'history', ordinal, ...what)
  const [kind, parameters] = acts[draw(acts.length, 'act')] ?? ['freeze', {}]
  const all = [...meters, ...elsewhere]
  const meter = all[draw(all.length, 'meter')] ?? 1
  const from = now + (draw(6, 'from') - 3) * 20 * secondMs
  const order = orderOf(now, {
    meterId: BigInt(meter),
    communicationAddress: addressOf(draw(20, 'address') === 0 ? 77 : meter),
    kind,
    parameters,
    credentialCode: draw(20, 'credential') === 0 ? 'nobody-knows' : credentialCode,
    reason: `history ${ordinal}`,
    notBefore: from,
    expiresAt: from + (1 + draw(8, 'to')) * minuteMs,
  })
  const approvers = people.filter((person) => person !== 'author' && draw(2, person) === 0)
  const times = 1 + (draw(3, 'again') === 0 ? 2 : 0)
  return {
    order,
    approvers,
    edited: draw(12, 'edited') === 0,
    fates: Array.from({ length: times }, (_, at) => fates[draw(fates.length, 'fate', at)] ?? 'finishes'),
  }
}

await t.test(
  `${histories} random histories put no frame on the wire that no use vouches for (seed ${seed})`,
  async (t) => {
    const world = createWorld(start)
    const { clock } = world
    const random = createSeededRandom(seed)
    const databases = await withDatabase(t)
    const owner = databases.as('owner')
    const endless = { host: 'h', port: 1, ...settings }
    await plantRegistry(owner, [
      { lineId: 1, code: 'line-1', kind: 'dlt645_tcp', settings: endless, meters },
      { lineId: 2, code: 'line-2', kind: 'dlt645_tcp', settings: endless, meters: elsewhere },
    ])
    await plantPeople(owner)
    await plantLease(owner, 1n)
    const console = openDatabase({ url: databases.url('console'), clock })
    const headend = openDatabase({ url: databases.url('headend'), clock, connections: 6 })
    await plantCredential(console)
    const habits = { passwords: { '02': secretPassword }, clock: { offsetMs: 90 * secondMs } }
    const sniffed = createSniffedLine(
      world,
      [...meters, ...elsewhere].map((ordinal) => simulatedMeter(ordinal, { habits })),
    )
    const line = openDlt645Line({ clock, connect: sniffed.connect, settings })
    t.teardown(async () => {
      line.close()
      clock.close()
      await console.close()
      await headend.close()
    })

    function dyingLine(fate: Fate): Dlt645Line {
      if (fate !== 'dies_before_sending' && fate !== 'dies_after_sending') return line
      return {
        ...line,
        async write(frame) {
          if (fate === 'dies_after_sending') await line.write(frame)
          throw new Killed()
        },
      }
    }

    async function execute(orderId: string, fate: Fate): Promise<string> {
      sniffed.deaf = fate === 'hears_nothing'
      const token = random.below(30, 'stale', orderId, fate) === 0 ? 0n : 1n
      try {
        const executed: ExecutedOrder = await executeOrder(
          {
            database: headend,
            clock,
            line: dyingLine(fate),
            lease: { lineId: 1n, fencingToken: token },
            node: 'node-1',
            credentialKey,
            deadline: clock.now() + minuteMs,
          },
          orderId,
        )
        return executed.kind === 'settled' ? executed.verdict : executed.reason
      } catch (error) {
        if (error instanceof Killed) return 'killed'
        throw error
      } finally {
        sniffed.deaf = false
      }
    }

    /** Records a batch in few statements, each with the rights of whoever may. */
    async function record(batch: readonly History[]): Promise<void> {
      await console.execute(
        `insert into meter_order (order_id, meter_id, communication_address, kind, parameters, credential_code, reason, author,
                                not_before, expires_at, order_digest, recorded_at)
       select order_id, meter_id, communication_address, kind, parameters, credential_code, reason, author,
              not_before, expires_at, order_digest, recorded_at
         from json_populate_recordset(null::meter_order, $1)`,
        [JSON.stringify(batch.map(({ order }) => rowOf(order)))],
      )
      // What is over already, the database lets nobody approve.
      const approvable = batch.filter(({ order: { expiresAt } }) => expiresAt > clock.now())
      const approvals = approvable.flatMap(({ order: { orderId, orderDigest }, approvers }) =>
        approvers.map((approver) => ({
          order_id: orderId,
          approver,
          order_digest: `\\x${orderDigest.toString('hex')}`,
          approved_at: toTimestamptz(clock.now()),
        })),
      )
      await console.execute(
        'insert into meter_order_approval select * from json_populate_recordset(null::meter_order_approval, $1)',
        [JSON.stringify(approvals)],
      )
      await owner.execute(
        `update meter_order set expires_at = expires_at + interval '1 hour', reason = 'edited' where order_id = any($1::uuid[])`,
        [batch.filter(({ edited }) => edited).map(({ order }) => order.orderId)],
      )
    }

    const came = new Map<string, number>()
    for (let first = 0; first < histories; first += batchSize) {
      const batch = Array.from({ length: batchSize }, (_, at) => historyOf(random, first + at, clock.now()))
      await record(batch)
      // Each life of each order, in an order that mixes them.
      const lives = batch
        .flatMap(({ order: { orderId }, fates: each }) => each.map((fate) => ({ orderId, fate })))
        .map((life, at) => ({ ...life, rank: random.below(2 ** 32, 'rank', first, at) }))
        .toSorted((left, right) => left.rank - right.rank)
      for (const { orderId, fate } of lives) {
        const outcome = await execute(orderId, fate)
        came.set(outcome, (came.get(outcome) ?? 0) + 1)
        // A process that is started again needs longer than a frame.
        if (outcome === 'killed') await clock.sleep(secondMs)
      }
      // At night every clock order would be refused for midnight's sake.
      if (beijing.minuteOfDay(clock.now()) > 22 * 60) await clock.sleep(9 * hourMs)
    }
    t.comment(Object.fromEntries(came))

    const frames = sniffed.writes()
    t.ok(frames.length > histories / 10, `${frames.length} frames that write were heard`)
    for (const outcome of [
      'verified',
      'unknown',
      'not_approved',
      'already_used',
      'edited',
      'not_yet',
      'expired',
      'wrong_meter',
      'not_line_owner',
      'credential_missing',
      'limits_exceeded',
      'killed',
      'no_reply',
    ])
      t.ok((came.get(outcome) ?? 0) > 0, `${outcome}: ${came.get(outcome)}`)

    const vouchers = await owner.query<{ readonly orders: readonly string[] }>(vouchersOfFrames, [
      frames.map((_, at) => at),
      frames.map(({ message }) => message.address),
      frames.map(({ at }) => toTimestamptz(at)),
    ])
    t.equal(vouchers.length, frames.length)
    t.same(
      vouchers.filter(({ orders }) => orders.length !== 1),
      [],
      'each frame has exactly one use, approved, unexpired and its own',
    )
    t.equal(new Set(vouchers.flatMap(({ orders }) => orders)).size, frames.length, 'and no use has two frames')
    const [counts] = await owner.query<{ uses: bigint; orders: bigint }>(
      'select count(*) as uses, count(distinct order_id) as orders from meter_order_use',
    )
    t.ok(
      counts !== undefined && counts.uses === counts.orders && counts.uses > BigInt(frames.length),
      `uses ${counts?.uses}`,
    )
  },
)

function rowOf(order: MeterOrder): object {
  return {
    order_id: order.orderId,
    meter_id: String(order.meterId),
    communication_address: order.communicationAddress,
    kind: order.kind,
    parameters: order.parameters,
    credential_code: order.credentialCode,
    reason: order.reason,
    author: order.author,
    not_before: toTimestamptz(order.notBefore),
    expires_at: toTimestamptz(order.expiresAt),
    order_digest: `\\x${order.orderDigest.toString('hex')}`,
    recorded_at: toTimestamptz(order.recordedAt),
  }
}
