import t from 'tap'
import { present } from '../../../domain/result.js'
import { dayMs, hourMs, minuteMs, secondMs } from '../../../domain/time.js'
import type { EnvelopeProfile } from '../../../protocols/concentrator/envelope-profile.js'
import { envelopeProfiles, ownEnvelope } from '../../../protocols/concentrator/envelope-profiles.js'
import { encodeMeterTable, parseTableReceipt } from '../../../protocols/concentrator/meter-table.js'
import { decodeFrame } from '../../../protocols/dlt645/frame.js'
import { encodeReadRequest, parseReply } from '../../../protocols/dlt645/messages-2007.js'
import {
  addressOf,
  type Application,
  concentratorCode,
  createConcentratorWorld,
  lineOf,
} from '../../support/concentrator-world.js'

const profile = (name: string): EnvelopeProfile => present(envelopeProfiles.get(name), name)
const table = (version: number, numbers: readonly number[]) =>
  encodeMeterTable({
    concentrator: concentratorCode,
    version,
    meters: numbers.map((number, index) => ({ terminalPoint: index + 1, address: addressOf(number) })),
  })
const readTotal = (number: number) => ({
  frames: [{ bytes: encodeReadRequest(addressOf(number), '00010000'), meter: addressOf(number), time: null }],
})

/** Numbers of the meters whose answers came, upload by upload. */
function metersIn(application: Application): readonly string[] {
  return application.contents('up').map(({ frames, readings }) => {
    const ofFrames = frames.map(({ bytes }) => {
      const frame = decodeFrame(bytes)
      return frame.ok ? Number(frame.value.address) : Number.NaN
    })
    return [...new Set([...ofFrames, ...readings.map(({ meter }) => Number(meter))])].join(' ')
  })
}

await t.test('reads what is in its table and nothing else, whatever hangs on its line', async (t) => {
  const world = await createConcentratorWorld(ownEnvelope, {
    meters: lineOf(5),
    table: [4, 2, 9].map(addressOf),
    metersPerBatch: 5,
  })
  await world.clock.sleep(2 * hourMs)
  t.same(metersIn(world.application()), ['4 2'])
  t.match(world.concentrator.counters(), { collected: 2, waiting: 0 })
  t.same(world.concentrator.troubles(), { silent: 1, lost: 0, unread: 0 })
  await world.close()
})

await t.test(
  'a table from the master replaces the one in force, by version, and each push gets its receipt',
  async (t) => {
    const world = await createConcentratorWorld(ownEnvelope, { meters: lineOf(5), table: [], metersPerBatch: 5 })
    const application = world.application()
    const push = async (payload: Buffer) => {
      await application.publish(`metering/${concentratorCode}/table`, payload)
      await world.clock.sleep(minuteMs)
    }
    await push(table(3, [1, 2, 3]))
    await push(table(2, [4]))
    await push(table(3, [5]))
    await push(Buffer.from('{"concentrator":"C001"'))
    await push(encodeMeterTable({ concentrator: 'C002', version: 9, meters: [] }))
    t.same(world.concentrator.table(), [1, 2, 3].map(addressOf))
    await world.clock.sleep(dayMs)
    await push(table(4, [3, 5]))
    await world.clock.sleep(dayMs)
    t.same(metersIn(application), ['1 2 3', '3 5'])
    const receipts = application.heard
      .filter(({ topic }) => topic.endsWith('/table/receipt'))
      .map(({ payload }) => parseTableReceipt(payload))
    t.match(receipts, [
      { value: { version: 3, outcome: 'in_force', versionInForce: 3 } },
      { value: { version: 2, outcome: 'table_outdated', versionInForce: 3 } },
      { value: { version: 3, outcome: 'in_force', versionInForce: 3 } },
      { value: { version: 4, outcome: 'in_force', versionInForce: 4 } },
    ])
    t.equal(receipts.length, 4)
    t.equal(world.concentrator.troubles().unread, 2)
    await world.close()
  },
)

await t.test('keeps nights while the broker is away, as many as its memory has room for', async (t) => {
  const world = await createConcentratorWorld(ownEnvelope, { meters: lineOf(2), keepsDays: 3 })
  await world.stopBroker()
  await world.clock.sleep(5 * dayMs)
  t.match(world.concentrator.counters(), { batches: 5, waiting: 3 })
  t.equal(world.concentrator.troubles().lost, 2)
  await world.startBroker()
  await world.clock.sleep(hourMs)
  const delivered = world
    .application()
    .contents('up')
    .map(({ messageId }) => messageId)
  t.same(new Set(delivered), new Set(['3', '4', '5']))
  t.equal(world.concentrator.counters().waiting, 0)
  await world.close()
})

await t.test('gives up the oldest when its memory has too few bytes', async (t) => {
  const world = await createConcentratorWorld(ownEnvelope, { meters: lineOf(6), keepsBytes: 600 })
  world.application().confirms = false
  await world.clock.sleep(2 * dayMs)
  const { waiting } = world.concentrator.counters()
  t.ok(waiting >= 1 && waiting < 6, `${waiting} of 6 batches`)
  t.equal(world.concentrator.troubles().lost, 6 - waiting)
  await world.close()
})

await t.test('without receipts in its profile it forgets what the broker has taken, and nothing before', async (t) => {
  const world = await createConcentratorWorld(profile('air72x-hex'), { meters: lineOf(2), wakeUpBytes: 4 })
  await world.stopBroker()
  await world.clock.sleep(2 * hourMs)
  t.match(world.concentrator.counters(), { batches: 4, waiting: 4 })
  await world.startBroker()
  await world.clock.sleep(hourMs)
  t.equal(world.concentrator.counters().waiting, 0)
  t.match(world.application().heard[0]?.payload.toString(), /^FEFEFEFE68/)
  t.same(new Set(metersIn(world.application())), new Set(['1', '2']))
  await world.close()
})

await t.test('says when it is there, and the broker says when it has gone', async (t) => {
  const world = await createConcentratorWorld(ownEnvelope, { meters: [] })
  const application = world.application()
  await world.clock.sleep(minuteMs)
  await world.concentrator.close()
  await world.clock.sleep(minuteMs)
  t.same(
    application.contents('status').map(({ online }) => online),
    [true, false],
  )
  await world.close()
})

for (const name of ['shuangwu', 'quecpython-dtu', 'air72x-bytes', 'air72x-hex', 'prefix-unit']) {
  await t.test(`${name}: a transparent request is answered by the meter, after the carrier's time`, async (t) => {
    const world = await createConcentratorWorld(profile(name), {
      meters: lineOf(3),
      table: [1, 2].map(addressOf),
      carrier: { minMs: 2 * secondMs, spanMs: 0 },
      prefix: 'D8B04CBDD147',
      wakeUpBytes: 4,
    })
    const application = world.application()
    const channel = profile(name).channels.response === undefined ? 'up' : 'response'
    const sentAt = world.clock.now()
    await application.send('down', { messageId: 'r1', ...readTotal(2) })
    await application.send('down', { messageId: 'r2', ...readTotal(1) })
    await world.clock.sleep(10 * secondMs)
    await application.send('down', { messageId: 'r3', ...readTotal(3) })
    await world.clock.sleep(10 * secondMs)
    const [answer, ...others] = application.contents(channel)
    t.same(others, [], 'the second came into the first, and the third meter is not in the table')
    const frame = decodeFrame(answer?.frames[0]?.bytes ?? Buffer.alloc(0))
    const reply = frame.ok ? parseReply(frame.value) : frame
    t.match(reply, { ok: true, value: { kind: 'data', address: addressOf(2), dataIdentifier: '00010000' } })
    const heardAt = application.heard.find(({ topic }) => !topic.endsWith('/status'))?.at ?? 0
    t.equal(heardAt - sentAt, 2 * secondMs)
    t.same(world.concentrator.transparent(), { requests: 3, answers: 1, unanswered: 1, collisions: 1, repeats: 0 })
    await world.close()
  })
}

await t.test('a request that the broker delivers again is answered from memory', async (t) => {
  const world = await createConcentratorWorld(ownEnvelope, { meters: lineOf(1) })
  const application = world.application()
  for (let count = 0; count < 2; count += 1) {
    await application.send('down', { messageId: 'r1', ...readTotal(1) })
    await world.clock.sleep(10 * secondMs)
  }
  t.match(world.concentrator.transparent(), { requests: 2, answers: 1, repeats: 1 })
  const [first, second, ...others] = application.contents('response')
  t.strictSame(first, second)
  t.same(others, [])
  await world.close()
})

await t.test('structured payloads: values that it decoded itself, and requests by identifier', async (t) => {
  const world = await createConcentratorWorld(profile('ivy-4g-gateway'), { meters: lineOf(2), metersPerBatch: 1 })
  const application = world.application()
  await world.clock.sleep(2 * hourMs)
  const totals = application
    .contents('up')
    .flatMap(({ readings }) => readings)
    .filter(({ dataIdentifier }) => dataIdentifier === '00010000')
  t.match(totals, [
    { meter: addressOf(1), value: '1.00', unit: 'kWh' },
    { meter: addressOf(2), value: '2.00', unit: 'kWh' },
  ])
  t.equal(world.concentrator.counters().waiting, 0)
  const wanted = { rawValue: null, value: null, unit: null, time: null }
  const ask = async (messageId: string, number: number, dataIdentifier: string) => {
    const meter = addressOf(number)
    await application.send('down', { messageId, meter, readings: [{ ...wanted, meter, dataIdentifier }] })
    await world.clock.sleep(10 * secondMs)
  }
  await ask('cmd-1', 2, '00010000')
  await ask('cmd-2', 7, '00010000')
  t.match(application.contents('response'), [
    { messageId: 'cmd-1', meter: addressOf(2), failure: null, readings: [{ value: '2.00', unit: 'kWh' }] },
    { messageId: 'cmd-2', meter: addressOf(7), failure: 'timeout', readings: [] },
  ])
  await world.close()
})

await t.test('structured payloads keyed by identifier: one message for each meter', async (t) => {
  const world = await createConcentratorWorld(profile('dgiot'), { meters: lineOf(2), metersPerBatch: 10 })
  await world.clock.sleep(2 * hourMs)
  t.match(
    world.application().heard.map(({ topic, payload }) => [topic, JSON.parse(payload.toString())]),
    [
      [`$dg/device/C001/${addressOf(1)}/properties`, { '00010000': 1 }],
      [`$dg/device/C001/${addressOf(2)}/properties`, { '00010000': 2 }],
    ],
  )
  await world.close()
})

await t.test('what nobody can read is counted and costs nothing', async (t) => {
  const world = await createConcentratorWorld(ownEnvelope, { meters: lineOf(1) })
  const application = world.application()
  for (const channel of ['down', 'receipt', 'table'])
    await application.publish(`metering/${concentratorCode}/${channel}`, Buffer.from([0xff, 0x00]))
  await world.clock.sleep(2 * hourMs)
  t.equal(world.concentrator.troubles().unread, 3)
  t.match(world.concentrator.counters(), { collected: 1, waiting: 0 })
  await world.close()
})
