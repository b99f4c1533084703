import { Aedes } from 'aedes'
import { MqttClient } from 'mqtt'
import t from 'tap'
import { present } from '../../../domain/result.js'
import { holding } from '../../../domain/runtime.js'
import { dayMs, hourMs, minuteMs } from '../../../domain/time.js'
import { type HeadEnd, startHeadEnd } from '../../../headend/head-end.js'
import { openAccess } from '../../../headend/transports/broker-access.js'
import { ownEnvelope } from '../../../protocols/concentrator/envelope-profiles.js'
import { encodeUpload, parseReceipt } from '../../../protocols/concentrator/messages.js'
import { identifierOf } from '../../../protocols/dlt645/data-items.js'
import { openFrame } from '../../../protocols/dlt645/frame.js'
import { encodeReadRequest } from '../../../protocols/dlt645/messages-2007.js'
import { frameStart } from '../../../protocols/stream-splitter.js'
import { startConcentrator } from '../../../simulators/concentrator.js'
import { type Database, openDatabase } from '../../../storage/database.js'
import { dueOutcomes } from '../../../storage/headend/outcomes.js'
import { withDatabase } from '../../support/database.js'
import {
  createWorld,
  firstMidnight,
  local,
  plantRegistry,
  registersOf,
  simulatedMeter,
  type World,
} from '../../support/field-world.js'

const meters = [11, 12, 13, 14, 15]
const upTopic = 'metering/c1/up'
const receiptTopic = 'metering/c1/receipt'

interface Scene {
  readonly world: World
  readonly headEnd: HeadEnd
  readonly headEndDatabase: Database
  readonly owner: Database
  readonly reader: Database
  readonly broker: Aedes
  readonly port: number
  /** What the broker and the database saw, in order. */
  readonly log: string[]
}

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

/** @param beside settings of further lines at the same broker. */
async function setScene(t: Teardown, beside: readonly object[] = []): Promise<Scene> {
  const world = createWorld()
  const { clock, network } = world
  const release = clock.hold()
  const broker = await Aedes.createBroker()
  const listener = await network.listen(local, (socket) => broker.handle(socket))
  const { port } = listener.endpoint
  const databases = await withDatabase(t)
  await plantRegistry(databases.as('owner'), [
    {
      lineId: 1,
      code: 'c1',
      kind: 'mqtt_concentrator',
      settings: { brokerUrl: `mqtt://127.0.0.1:${port}`, uploadTopic: upTopic, receiptTopic },
      meters,
    },
    ...beside.map((settings, index) => ({
      lineId: index + 2,
      code: `c${index + 2}`,
      kind: 'mqtt_concentrator' as const,
      settings: { brokerUrl: `mqtt://127.0.0.1:${port}`, ...settings },
      meters: [],
    })),
  ])
  const log: string[] = []
  const headEndDatabase = noting(openDatabase({ url: databases.url('headend'), clock }), log)
  const headEnd = await startHeadEnd({ database: headEndDatabase, clock, network, node: 'node-1' })
  broker.on('ack', (packet, client) => {
    if (client.id.startsWith('shuangwu-headend') && packet?.cmd === 'publish') log.push('acknowledged')
  })
  broker.on('publish', (packet) => {
    if (packet.topic === receiptTopic) log.push('receipt')
  })
  t.teardown(async () => {
    await headEnd.close()
    await new Promise<void>((closed) => broker.close(closed))
    await listener.close()
    clock.close()
    await headEndDatabase.close()
  })
  release()
  return {
    world,
    headEnd,
    headEndDatabase,
    owner: databases.as('owner'),
    reader: databases.as('reader'),
    broker,
    port,
    log,
  }
}

/** Notes the end of each transaction that held readings, so that the test sees what came before what. */
function noting(database: Database, log: string[]): Database {
  return {
    ...database,
    async transaction(act, options) {
      let copied = false
      const result = await database.transaction(
        (tx) =>
          act({
            ...tx,
            copyIn(sql, chunks) {
              copied = true
              return tx.copyIn(sql, chunks)
            },
          }),
        options,
      )
      if (copied) log.push('committed')
      return result
    },
  }
}

async function device({ world, port }: Scene, t: Teardown): Promise<MqttClient> {
  const socket = await world.network.connect({ host: '127.0.0.1', port })
  const client = new MqttClient(() => socket, { clientId: 'device', reconnectPeriod: 0 })
  await holding(world.clock, () => new Promise<void>((connected) => client.once('connect', () => connected())))
  t.teardown(() => client.endAsync(true))
  return client
}

function uploadOf(batch: number, ordinals: readonly number[], at: number): Buffer {
  const frames = ordinals.flatMap((ordinal) =>
    (['daily_freeze_stamp', 'daily_freeze_forward_active'] as const).map((name) => {
      const meter = simulatedMeter(ordinal)
      const request = openFrame(encodeReadRequest(meter.address(), identifierOf(name, 1)))
      const reply = present(meter.answer(request, at), 'an answer')
      return { frame: reply.subarray(reply.indexOf(frameStart)) }
    }),
  )
  return encodeUpload({ concentrator: 'c1', batch, items: frames })
}

/** The commit must come first; the broker reports the other two in an order of its own. */
function inOrder([first = '', ...others]: readonly string[]): readonly string[] {
  return [first, ...others.sort()]
}

await t.test('a concentrator’s uploads become readings, once each, and its batches get their receipts', async (t) => {
  const scene = await setScene(t)
  const { clock } = scene.world
  const release = clock.hold()
  const concentrator = await startConcentrator(
    {
      code: 'c1',
      broker: { host: '127.0.0.1', port: scene.port },
      profile: ownEnvelope,
      meters: meters.map((ordinal) => ({ meter: simulatedMeter(ordinal), from: 0, to: null })),
      collectAtMinute: 10,
      metersPerBatch: 2,
      receiptTimeoutMs: 5 * minuteMs,
      duplicatedPermille: 500,
    },
    scene.world,
  )
  t.teardown(() => concentrator.close())
  release()
  for (const night of [0, 1]) {
    const midnight = firstMidnight + night * dayMs
    await clock.sleep(midnight - clock.now())
    await scene.headEnd.collectWindow(midnight)
  }
  await scene.headEnd.uploadsCommitted()
  // The concentrator would go on night after night while the test looks.
  clock.hold()
  t.match(concentrator.counters(), { batches: 6, waiting: 0, repeats: 0 })
  t.ok(concentrator.counters().duplicates > 0, 'some uploads came twice')
  t.same(
    (await dueOutcomes(scene.reader, { from: firstMidnight, to: firstMidnight + 2 * dayMs })).map((each) => [
      each.due,
      each.firstPass,
      each.open,
    ]),
    [
      [5, 5, 0],
      [5, 5, 0],
    ],
  )
  const rows = await scene.reader.query<{
    readonly meter_id: bigint
    readonly read_at: number
    readonly total_e4: bigint
  }>('select meter_id, read_at, total_e4 from reading')
  t.equal(rows.length, 10)
  for (const row of rows) t.equal(row.total_e4, registersOf(Number(row.meter_id), row.read_at).totalE4)
  t.same(await scene.reader.query('select count(*)::integer as frames from frame'), [{ frames: 6 }])
  t.same(await scene.reader.query('select count(*)::integer as rows from line_statistics'), [{ rows: 6 }])
})

await t.test(
  'PUBACK and receipt come after the commit; a batch sent again changes nothing and is answered again',
  async (t) => {
    const scene = await setScene(t)
    const { clock } = scene.world
    await clock.sleep(firstMidnight + 10 * minuteMs - clock.now())
    const client = await device(scene, t)
    const receipts: unknown[] = []
    client.on('message', (_topic, payload) => receipts.push(parseReceipt(payload)))
    await holding(clock, () => client.subscribeAsync(receiptTopic, { qos: 1 }))
    const payload = uploadOf(7, [11, 12], clock.now())

    await holding(clock, () => client.publishAsync(upTopic, payload, { qos: 1 }))
    await clock.sleep(minuteMs)
    await scene.headEnd.uploadsCommitted()
    t.same(inOrder(scene.log), ['committed', 'acknowledged', 'receipt'])
    const before = await scene.reader.query('select * from reading order by meter_id')

    await holding(clock, () => client.publishAsync(upTopic, payload, { qos: 1 }))
    await clock.sleep(minuteMs)
    t.same(await scene.reader.query('select * from reading order by meter_id'), before)
    t.same(await scene.reader.query('select count(*)::integer as frames from frame'), [{ frames: 1 }])
    t.same(await scene.reader.query('select count(*)::integer as rows from line_statistics'), [{ rows: 1 }])
    const receipt = { ok: true, value: { concentrator: 'c1', batch: 7 } }
    t.same(receipts, [receipt, receipt])
  },
)

await t.test('lines that cannot be used stop nobody else’s uploads', async (t) => {
  const scene = await setScene(t, [{ profile: 'shuangwuu' }, { device: 'c1' }])
  const { clock } = scene.world
  await clock.sleep(firstMidnight + 10 * minuteMs - clock.now())
  const client = await device(scene, t)
  await holding(clock, () => client.publishAsync(upTopic, uploadOf(1, [11], clock.now()), { qos: 1 }))
  await clock.sleep(minuteMs)
  t.same(inOrder(scene.log), ['committed', 'acknowledged', 'receipt'])
  t.same(await scene.reader.query('select r.meter_id, f.line_id from reading r join frame f using (line_id)'), [
    { meter_id: 11n, line_id: 1n },
  ])
})

await t.test('while the database refuses, nothing is acknowledged; afterwards everything is', async (t) => {
  const scene = await setScene(t)
  const { clock } = scene.world
  await clock.sleep(firstMidnight + 10 * minuteMs - clock.now())
  const client = await device(scene, t)
  await scene.owner.execute('revoke insert on reading from shuangwu_headend')
  await holding(clock, () => client.publishAsync(upTopic, uploadOf(1, [11], clock.now()), { qos: 1 }))
  await clock.sleep(minuteMs)
  t.same(scene.log, [])
  t.match(scene.headEnd.status(), { pendingUploads: 1, uploadError: /reading/ })
  t.same(await scene.reader.query('select count(*)::integer as frames from frame'), [{ frames: 0 }])
  await scene.owner.execute('grant insert on reading to shuangwu_headend')
  await clock.sleep(minuteMs)
  t.same(inOrder(scene.log), ['committed', 'acknowledged', 'receipt'])
  t.match(scene.headEnd.status(), { pendingUploads: 0, uploadError: null })
})

await t.test('poison is kept aside with its reason and acknowledged, and the next upload goes through', async (t) => {
  const scene = await setScene(t)
  const { clock } = scene.world
  await clock.sleep(firstMidnight + 10 * minuteMs - clock.now())
  const client = await device(scene, t)
  const stranger = encodeUpload({ concentrator: 'c2', batch: 1, items: [{ frame: Buffer.from('68', 'hex') }] })
  const broken = encodeUpload({ concentrator: 'c1', batch: 2, items: [{ frame: Buffer.from('6816', 'hex') }] })
  for (const payload of [Buffer.from('{"concentrator"'), stranger, broken, uploadOf(3, [99, 12], clock.now())]) {
    await holding(clock, () => client.publishAsync(upTopic, payload, { qos: 1 }))
  }
  await clock.sleep(hourMs)
  t.same(await scene.reader.query('select reason from quarantine order by reason'), [
    { reason: 'frame_damaged' },
    { reason: 'payload_not_json' },
    { reason: 'unknown_meter' },
    { reason: 'wrong_concentrator' },
  ])
  t.same(await scene.reader.query('select meter_id from reading'), [{ meter_id: 12n }])
  t.equal(scene.log.filter((each) => each === 'acknowledged').length, 4)
  t.equal(scene.log.filter((each) => each === 'receipt').length, 2, 'batches 2 and 3 are known by their keys')
})

await t.test('an unreachable broker is one clear error', async (t) => {
  const scene = await setScene(t)
  await scene.owner.execute(`update line set settings = settings || '{"brokerUrl": "mqtt://127.0.0.1:1"}'`)
  const { clock, network } = scene.world
  await t.rejects(startHeadEnd({ database: scene.headEndDatabase, clock, network, node: 'node-2' }), {
    code: 'broker_unreachable',
  })
})

await t.test('a broker that cannot be opened stops no other, and is tried again', async (t) => {
  const scene = await setScene(t, [
    { brokerUrl: 'mqtt://127.0.0.1:1', uploadTopic: 'metering/c2/up', receiptTopic: 'metering/c2/receipt' },
  ])
  const { clock, network } = scene.world
  const other = await Aedes.createBroker()
  const listener = await network.listen(local, (socket) => other.handle(socket))
  t.teardown(async () => {
    await new Promise<void>((closed) => other.close(closed))
    await listener.close()
  })
  const url = `mqtt://127.0.0.1:${listener.endpoint.port}`
  await scene.owner.execute(
    `update line set settings = settings || jsonb_build_object('brokerUrl', $1::text) where code = 'c2'`,
    [url],
  )
  let isReadable = false
  const password = () => {
    if (!isReadable) throw new Error('EACCES: password file')
    return null
  }
  const headEnd = await startHeadEnd({
    database: scene.headEndDatabase,
    clock,
    network,
    node: 'node-2',
    brokers: [{ ...openAccess(url), password }],
  })
  t.teardown(() => headEnd.close())
  const brokerOf = (wanted: string) => headEnd.status().brokers.find((broker) => broker.url === wanted)
  t.match(brokerOf(`mqtt://127.0.0.1:${scene.port}`), { connected: true, failure: null })
  t.match(brokerOf(url), { connected: false, failure: 'EACCES: password file' })
  isReadable = true
  await headEnd.tendConcentrators()
  t.match(brokerOf(url), { connected: true, failure: null })
  t.equal(headEnd.status().brokers.length, 2)
})

await t.test('where no broker can be opened the reason is said', async (t) => {
  const scene = await setScene(t)
  const { clock, network } = scene.world
  const password = () => {
    throw new Error('EACCES: password file')
  }
  const brokers = [{ ...openAccess(`mqtt://127.0.0.1:${scene.port}`), password }]
  await t.rejects(startHeadEnd({ database: scene.headEndDatabase, clock, network, node: 'node-2', brokers }), {
    message: 'EACCES: password file',
  })
})
