import t from 'tap'
import { present } from '../../../domain/result.js'
import { hourMs, minuteMs } from '../../../domain/time.js'
import { approveOrder } from '../../../headend/orders/approve-order.js'
import { approveOrderGroup, proposeTouDownload } from '../../../headend/orders/order-group.js'
import { planTouDownload } from '../../../headend/orders/tou-download.js'
import { readTouTables } from '../../../headend/reading-sets/read-tou-tables.js'
import { orderApprovals } from '../../../storage/headend/orders.js'
import { waitingOrders } from '../../../storage/headend/waiting-orders.js'
import { compareSlots } from '../../../mdm/tou-tables/compare-slots.js'
import { eightToTwenty, hours } from '../../mdm/tou-tables/tables.js'
import { arrange, start } from '../../support/order-line.js'
import { credentialCode } from '../../support/orders.js'
import { setMeter } from '../../support/set-line.js'

const wanted = { zones: [{ from: '01-01', dayTable: 1 }], dayTables: [eightToTwenty], switchAt: '2026-07-20T00:00' }
const calendar = {
  days: {
    usual: [
      { from: '00:00', slot: 'valley' as const },
      { from: '08:00', slot: 'peak' as const },
      { from: '20:00', slot: 'valley' as const },
    ],
  },
  seasons: [{ from: '01-01', day: 'usual' }],
}

type Scene = Awaited<ReturnType<typeof arrange>>

/** The download that a meter as it is now has room for, proposed. */
async function proposed({ line, console, clock }: Scene, reason = 'new hours from 20 July') {
  await line.ready(clock.now() + minuteMs)
  const { values } = await readTouTables(line, setMeter(1))
  const plan = planTouDownload(wanted, present(values[0], 'tables'))
  if (!plan.ok) throw new Error(plan.error.kind)
  const group = await proposeTouDownload(console, clock, {
    download: plan.value,
    meterCode: 'meter-1',
    credentialCode,
    reason,
    author: 'author',
    notBefore: start - hourMs,
    expiresAt: start + hourMs,
  })
  if (!group.ok) throw new Error(group.error.kind)
  return group.value
}

await t.test(
  'one act of two people brings a whole set into a meter, and it counts the new hours from the change on',
  async (t) => {
    const scene = await arrange(t)
    const { console, clock, execute, line, sniffed } = scene
    const { group, orders, kind } = await proposed(scene)
    t.equal(kind, 'created')
    t.equal((await proposed(scene)).kind, 'exists', 'the same proposal twice is one group')
    t.equal(orders.length, 4)
    for (const actor of ['first', 'second'])
      t.match(await approveOrderGroup(console, clock, { groupId: group.groupId, actor }), {
        ok: true,
        value: { kind: 'created' },
      })
    t.match(await approveOrderGroup(console, clock, { groupId: group.groupId, actor: 'first' }), {
      value: { kind: 'exists' },
    })
    for (const { orderId } of orders) t.match(await execute(orderId), { kind: 'settled', verdict: 'verified' }, orderId)
    t.same(
      sniffed.writes().map(({ message }) => message.dataIdentifier),
      ['04020001', '04020000', '04000106', '04000107'],
    )
    const { values } = await readTouTables(line, setMeter(1))
    const read = present(values[0], 'tables')
    const before = compareSlots(read, [hours()], '2026-07-16', '2026-07-20')
    const after = compareSlots(read, [hours({ calendar })], '2026-07-20', '2026-08-20')
    t.same(
      [before, after],
      [before, after].map(() => ({ differences: [], incomparable: [] })),
    )
  },
)

await t.test('no part is written before the parts in front of it, nor on its own approval', async (t) => {
  const scene = await arrange(t)
  const { console, clock, execute, headend, sniffed } = scene
  const { group, orders } = await proposed(scene)
  const [first, second] = orders.map(({ orderId }) => orderId) as [string, string]
  await t.rejects(approveOrder(console, clock, { orderId: second, actor: 'first' }), /part of group/)
  t.match(await execute(first), { kind: 'not_written', reason: 'not_approved' })
  await approveOrderGroup(console, clock, { groupId: group.groupId, actor: 'first' })
  t.match(await execute(first), { kind: 'not_written', reason: 'not_approved' }, 'one of two')
  await approveOrderGroup(console, clock, { groupId: group.groupId, actor: 'second' })
  t.same(
    (await waitingOrders(headend, clock.now())).map(({ orderId }) => orderId),
    [first],
    'a node takes them one after the other',
  )
  await t.rejects(execute(second), /waits for the parts/)
  t.equal(sniffed.writes().length, 0)
  t.match(await execute(first), { verdict: 'verified' })
  t.same(
    (await waitingOrders(headend, clock.now())).map(({ orderId }) => orderId),
    [second],
  )
})

await t.test('after a part that the meter refuses, the rest stays away from it', async (t) => {
  const scene = await arrange(t, { passwords: { '02': '111111' } })
  const { console, clock, execute, sniffed, headend } = scene
  const { group, orders } = await proposed(scene)
  for (const actor of ['first', 'second']) await approveOrderGroup(console, clock, { groupId: group.groupId, actor })
  const [first, second] = orders.map(({ orderId }) => orderId) as [string, string]
  t.match(await execute(first), { kind: 'settled', verdict: 'refused' })
  await t.rejects(execute(second), /waits for the parts/)
  t.equal(sniffed.writes().length, 1)
  t.same(await waitingOrders(headend, clock.now()), [])
})

await t.test('approvals are of what was proposed, by people other than its author', async (t) => {
  const scene = await arrange(t)
  const { console, clock, owner } = scene
  const { group, orders } = await proposed(scene)
  const { groupId } = group
  t.match(await approveOrderGroup(console, clock, { groupId, actor: 'author' }), {
    error: { kind: 'author_is_approver' },
  })
  t.match(await approveOrderGroup(console, clock, { groupId, actor: 'nobody' }), { error: { kind: 'actor_unknown' } })
  await owner.execute(
    `update meter_order_group set parameters = jsonb_set(parameters, '{switchAt}', '"2026-07-21T00:00"')`,
  )
  t.match(await approveOrderGroup(console, clock, { groupId, actor: 'first' }), { error: { kind: 'edited' } })
  t.same(await orderApprovals(console, present(orders[0], 'an order').orderId), [], 'nothing of it is approved')
})
