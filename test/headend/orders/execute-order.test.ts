import t from 'tap'
import { hourMs, minuteMs, secondMs } from '../../../domain/time.js'
import { present } from '../../../domain/result.js'
import { useOrder } from '../../../headend/orders/use-order.js'
import { openFrame } from '../../../protocols/dlt645/frame.js'
import { encodeMessage } from '../../../protocols/dlt645/message.js'
import { secondStamp } from '../../../protocols/dlt645/time-fields.js'
import { meterTimeAt } from '../../../protocols/dlt645/time-formats.js'
import type { Database } from '../../../storage/database.js'
import { orderResults } from '../../../storage/headend/orders.js'
import { authority, command } from '../../simulators/meter/support.js'
import { addressOf } from '../../support/field-world.js'
import { arrange } from '../../support/order-line.js'
import { secretOperator, secretPassword } from '../../support/orders.js'

await t.test('a clock is corrected in the meter and read back', async (t) => {
  const { approved, execute, sniffed, headend } = await arrange(t, { clock: { offsetMs: 20 * minuteMs } })
  const orderId = await approved({}, 'first')
  const executed = await execute(orderId)
  t.match(executed, { kind: 'settled', verdict: 'verified', repeated: false, detail: /^data; clock -?\d+ ms/ })
  t.equal(sniffed.writes().length, 1)
  t.match(sniffed.writes()[0]?.message, { function: 'write', address: addressOf(1), dataIdentifier: '0400010C' })
  const [result] = await orderResults(headend, orderId)
  t.match(result, { ordinal: 1, verdict: 'verified', requestTrace: /\*\*/, answerTrace: /^68.*9400..16$/ })
  t.same(await execute(orderId), { kind: 'not_written', reason: 'already_used' })
  t.equal(sniffed.writes().length, 1, 'and nothing more left')
})

await t.test('a frame that cannot leave at once never leaves, and its order is used up for nothing', async (t) => {
  const { approved, execute, sniffed, headend, process, line } = await arrange(t, {
    clock: { offsetMs: 20 * minuteMs },
  })
  const settled = async (orderId: string, reason: string) => {
    const detail = `used, but nothing was sent: ${reason}`
    t.match(
      await headend.query('select verdict, detail, request_trace from meter_order_result where order_id = $1', [
        orderId,
      ]),
      [{ verdict: 'not_verified', detail, request_trace: null }],
    )
    t.same(sniffed.writes(), [])
    t.same(await execute(orderId), { kind: 'not_written', reason: 'already_used' })
  }
  const stopped = await approved({}, 'first')
  process.standsStillMs = 45 * secondMs
  t.match(await execute(stopped), { kind: 'settled', verdict: 'not_verified', detail: /frame_stale/ })
  process.standsStillMs = 0
  await settled(stopped, 'frame_stale')

  const lost = await approved({ reason: 'once more' }, 'first')
  let questions = 0
  // The clock takes two questions; the third time it is the write.
  const right = { isSafe: () => (questions += 1) <= 2 }
  await execute(lost, { line: line.under(right) })
  await settled(lost, 'line_lost')
  t.equal(questions, 3)
})

await t.test('a clock further off than ordered is left alone', async (t) => {
  const { approved, execute, sniffed, headend } = await arrange(t, { clock: { offsetMs: 2 * hourMs } })
  const orderId = await approved({}, 'first')
  t.same(await execute(orderId), { kind: 'not_written', reason: 'limits_exceeded' })
  t.same(sniffed.writes(), [])
  t.same(await headend.query('select * from meter_order_use'), [], 'and the order is not used up')
})

await t.test(
  'a relay is permitted to close by two people, and whether somebody presses the button is said beside it',
  async (t) => {
    const { approved, execute, sniffed, meter, clock } = await arrange(t, { buttonAfterMs: hourMs })
    const tripped = command('control_relay', tripBytes(clock.now() + hourMs))
    meter.answer(openFrame(encodeMessage({ ...tripped, address: meter.address() })), clock.now())
    const permission = { kind: 'relay_permit_close', parameters: {} }
    const orderId = await approved(permission, 'first')
    t.same(await execute(orderId), { kind: 'not_written', reason: 'not_approved' })
    const second = await approved({ ...permission, reason: 'paid' }, 'first', 'second')
    t.match(await execute(second), { kind: 'settled', verdict: 'verified', detail: /open until somebody presses/ })
    t.match(sniffed.writes(), [{ message: { function: 'control_relay' } }])
    await clock.sleep(hourMs - 30 * minuteMs)
    const third = await approved({ ...permission, reason: 'paid, once more' }, 'first', 'second')
    await clock.sleep(31 * minuteMs)
    t.match(await execute(third), { kind: 'settled', verdict: 'verified', detail: /relay closed/ })
  },
)

await t.test('a tariff table, a planned switch, a freeze and an event reset are verified in the meter', async (t) => {
  const { approved, execute, sniffed } = await arrange(t, { clock: { offsetMs: -90 * secondMs } })
  const cases: readonly (readonly [kind: string, parameters: object])[] = [
    ['tariff_table', { item: '04020001', values: ['000004', '080002', '220004'] }],
    ['tariff_switch', { item: '04000107', values: ['2026-08-01T00:00'] }],
    ['freeze', {}],
    ['event_reset', {}],
  ]
  for (const [kind, parameters] of cases) {
    const executed = await execute(await approved({ kind, parameters }, 'first', 'second'))
    t.match(executed, { kind: 'settled', verdict: 'verified' }, `${kind}: ${JSON.stringify(executed)}`)
  }
  t.equal(sniffed.writes().length, cases.length)
})

await t.test('accepted is not done: what the meter does not show afterwards is not verified', async (t) => {
  const { approved, execute } = await arrange(t, { unknownItems: ['05010001'] })
  const orderId = await approved({ kind: 'freeze', parameters: {} }, 'first')
  t.match(await execute(orderId), { kind: 'settled', verdict: 'not_verified' })
})

await t.test('a wrong password is refused by the meter once, and not tried again', async (t) => {
  const { approved, execute, sniffed } = await arrange(t, { passwords: { '02': '000001' } })
  const orderId = await approved({}, 'first')
  t.match(await execute(orderId), { kind: 'settled', verdict: 'refused', detail: /unauthorised/ })
  t.same(await execute(orderId), { kind: 'not_written', reason: 'already_used' })
  t.equal(sniffed.writes().length, 1)
})

await t.test('an unknown fate is asked for until it is known, and never written again', async (t) => {
  const { approved, execute, sniffed, headend } = await arrange(t)
  const orderId = await approved(
    { kind: 'tariff_table', parameters: { item: '04020001', values: ['000001'] } },
    'first',
    'second',
  )
  sniffed.deaf = true
  t.match(await execute(orderId), { kind: 'settled', verdict: 'unknown', detail: /^no_reply; / })
  t.match(await execute(orderId), { kind: 'settled', verdict: 'unknown', repeated: true })
  sniffed.deaf = false
  t.match(await execute(orderId), { kind: 'settled', verdict: 'verified', repeated: true })
  t.same(await execute(orderId), { kind: 'not_written', reason: 'already_used' })
  t.equal(sniffed.writes().length, 1)
  const results = await orderResults(headend, orderId)
  t.same(
    results.map(({ ordinal, verdict }) => [ordinal, verdict]),
    [
      [1, 'unknown'],
      [2, 'unknown'],
      [3, 'verified'],
    ],
  )
})

await t.test('killed between use and send: the meter is asked, and shows that nothing was done', async (t) => {
  const { approved, execute, sniffed, headend, clock, lease } = await arrange(t, { clock: { offsetMs: 20 * minuteMs } })
  const orderId = await approved({}, 'first')
  const used = await useOrder(headend, orderId, { lease, node: 'node-1', now: clock.now() })
  t.equal(used.kind, 'used')
  t.match(await execute(orderId), { kind: 'settled', verdict: 'not_verified', repeated: true })
  t.same(sniffed.writes(), [], 'a use without a frame')
})

await t.test('two nodes that execute one order write once', async (t) => {
  const { approved, execute, sniffed, headend } = await arrange(t, { clock: { offsetMs: 20 * minuteMs } })
  const orderId = await approved({}, 'first')
  const stale = { lease: { lineId: 1n, fencingToken: 0n } }
  t.same(await execute(orderId, stale), { kind: 'not_written', reason: 'not_line_owner' })
  t.match(await execute(orderId), { kind: 'settled', verdict: 'verified' })
  t.same(await headend.query('select order_id, node from meter_order_use'), [{ order_id: orderId, node: 'node-1' }])
  t.equal(sniffed.writes().length, 1)
})

await t.test('nobody proposes what no line would ever carry', async (t) => {
  for (const kind of ['mqtt_concentrator', 'modbus_tcp']) {
    const { approved, owner, console } = await arrange(t)
    await owner.execute('update line set kind = $1', [kind])
    await t.rejects(approved({}), /line_kind_unsupported/, kind)
    t.same(await console.query('select * from meter_order'), [])
  }
})

await t.test('without the key nothing that needs a password is written', async (t) => {
  const { approved, execute, sniffed } = await arrange(t)
  const orderId = await approved({}, 'first')
  for (const key of [null, Buffer.alloc(32, 1)])
    t.same(await execute(orderId, { credentialKey: key }), { kind: 'not_written', reason: 'credential_missing' })
  t.same(await execute('00000000-0000-8000-8000-000000000000'), { kind: 'not_written', reason: 'order_not_found' })
  t.same(sniffed.writes(), [])
})

await t.test('a silent meter uses up no order', async (t) => {
  const { approved, execute, sniffed, headend } = await arrange(t)
  const orderId = await approved({}, 'first')
  sniffed.deaf = true
  t.same(await execute(orderId), { kind: 'not_written', reason: 'no_reply' })
  t.same(await headend.query('select * from meter_order_use'), [])
})

await t.test('no table holds a password or an operator code', async (t) => {
  const { approved, execute, owner } = await arrange(t, { clock: { offsetMs: 20 * minuteMs } })
  for (const kind of ['set_clock', 'event_reset'])
    await execute(await approved({ kind, parameters: kind === 'set_clock' ? { mostStepSeconds: 3600 } : {} }, 'first'))
  const texts = await everyRow(owner)
  t.match(texts, /\*\*/, 'frames are there, masked')
  for (const digits of [secretPassword, secretOperator])
    for (const form of [digits, reversed(digits), shifted(digits)]) t.notMatch(texts, new RegExp(form, 'i'), form)
})

await t.test('what is edited behind the back of those who approved is refused', async (t) => {
  const { approved, execute, owner, sniffed } = await arrange(t, { clock: { offsetMs: 20 * minuteMs } })
  const orderId = await approved({ parameters: { mostStepSeconds: 60 } }, 'first')
  await owner.execute(`update meter_order set parameters = jsonb_set(parameters, '{mostStepSeconds}', '7200')`)
  t.same(await execute(orderId), { kind: 'not_written', reason: 'edited' })
  t.same(sniffed.writes(), [])
})

/** Somebody cut the supply before; our guard knows no such order. */
function tripBytes(validUntil: number): Buffer {
  const who = authority({ password: secretPassword })
  const until = present(secondStamp.write(meterTimeAt(validUntil)), 'a time')
  return Buffer.concat([who, Buffer.from([0x1a, 0]), until])
}

/** Every row of every table of orders as text, bytes in hexadecimal. */
async function everyRow(owner: Database): Promise<string> {
  const tables = ['meter_order', 'meter_order_approval', 'meter_order_use', 'meter_order_result', 'meter_credential']
  const rows = await Promise.all(
    tables.map((table) => owner.query<{ text: string }>(`select x::text as text from ${table} x`)),
  )
  return present(
    rows.flat().map(({ text }) => text),
    'rows',
  ).join('\n')
}

function pairs(digits: string): readonly string[] {
  return digits.match(/../g) ?? []
}

function reversed(digits: string): string {
  return pairs(digits).toReversed().join('')
}

/** As the bytes stand on the wire. */
function shifted(digits: string): string {
  const onWire = pairs(digits).map((pair) => ((Number.parseInt(pair, 16) + 0x33) & 0xff).toString(16).padStart(2, '0'))
  return onWire.toReversed().join('')
}
