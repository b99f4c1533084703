import { once } from 'node:events'
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync, type MqttClient } from 'mqtt'
import t from 'tap'
import { createRealClock } from '../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { createShiftedClock } from '../../console/runtime/shifted-clock.js'
import { present } from '../../domain/result.js'
import { beijing, dayMs, minuteMs } from '../../domain/time.js'
import { type HeadEnd, startHeadEnd } from '../../headend/head-end.js'
import { type BrokerAccess, openAccess } from '../../headend/transports/broker-access.js'
import { type Broker, connectBroker } from '../../headend/transports/broker.js'
import { encodeUpload, parseReceipt } from '../../protocols/concentrator/messages.js'
import { identifierOf } from '../../protocols/dlt645/data-items.js'
import { openFrame } from '../../protocols/dlt645/frame.js'
import { encodeReadRequest } from '../../protocols/dlt645/messages-2007.js'
import { frameStart } from '../../protocols/stream-splitter.js'
import { type Database, openDatabase } from '../../storage/database.js'
import { createAuthority, type IssuedCertificate } from '../support/certificates.js'
import { type TestDatabase, withDatabase } from '../support/database.js'
import { firstMidnight, plantRegistry, registersOf, simulatedMeter } from '../support/field-world.js'
import { requireTool, runTool, startTool } from './tools.js'

const mosquitto = requireTool('mosquitto', 'mosquitto')
const publisher = requireTool('mosquitto_pub', 'mosquitto-clients')
const openssl = requireTool('openssl', 'openssl')
const network = createRealNetwork()
const host = '127.0.0.1'
const patienceMs = 60_000
const nights = 40
/** Real time, so that the machine's year does not matter: every night of the test lies behind us. */
const clock = createShiftedClock(createRealClock(), firstMidnight + nights * dayMs + 10 * minuteMs)

interface Teardown {
  readonly teardown: (act: () => Promise<unknown>) => void
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A mosquitto with our settings beside the usual ones; as it may drop rights, its files are open to everybody. */
async function startMosquitto(folder: string, port: number, settings: readonly string[]) {
  chmodSync(folder, 0o755)
  const config = join(folder, `mosquitto-${port}.conf`)
  const usual = [`listener ${port} ${host}`, 'persistence false', 'log_dest stderr', 'max_inflight_messages 1000']
  writeFileSync(config, [...usual, ...settings, ''].join('\n'))
  return startTool(mosquitto, ['-c', config], (text) => /mosquitto version \S+ running/.test(text))
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const giveUpAt = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(`waited in vain for ${what}`)
    await sleep(50)
  }
}

function uploadOf(concentrator: string, batch: number, ordinals: readonly number[], at: number): Buffer {
  const frames = ordinals.flatMap((ordinal) =>
    (['daily_freeze_stamp', 'daily_freeze_forward_active'] as const).map((name) => {
      const meter = simulatedMeter(ordinal)
      const request = openFrame(encodeReadRequest(meter.address(), identifierOf(name, 1)))
      const reply = present(meter.answer(request, at), 'an answer')
      return { frame: reply.subarray(reply.indexOf(frameStart)) }
    }),
  )
  return encodeUpload({ concentrator, batch, items: frames })
}

/** Shortly after the midnight that closes night `night`, by the meters' clocks. */
function afterMidnight(night: number): number {
  return firstMidnight + night * dayMs + 10 * minuteMs
}

async function headEndOf(
  t: Teardown,
  databases: TestDatabase,
  node: string,
  brokers: readonly BrokerAccess[] = [],
  onCopy: () => void = () => undefined,
) {
  const database = noting(openDatabase({ url: databases.url('headend'), clock }), onCopy)
  const headEnd = await startHeadEnd({ database, clock, network, node, brokers })
  t.teardown(async () => {
    await headEnd.close()
    await database.close()
  })
  return headEnd
}

/** Says of each transaction whether it brought readings. */
function noting(database: Database, onCopy: () => void): Database {
  return {
    ...database,
    transaction: (act, options) =>
      database.transaction(
        (tx) =>
          act({
            ...tx,
            copyIn(sql, chunks) {
              onCopy()
              return tx.copyIn(sql, chunks)
            },
          }),
        options,
      ),
  }
}

async function plant(t: Teardown, brokerUrl: string): Promise<TestDatabase> {
  const databases = await withDatabase(t)
  await plantRegistry(
    databases.as('owner'),
    [
      { code: 'c1', meters: [11, 12, 13] },
      { code: 'c2', meters: [21, 22, 23] },
    ].map((line, index) => ({ ...line, lineId: index + 1, kind: 'mqtt_concentrator', settings: { brokerUrl } })),
  )
  return databases
}

async function countOf(databases: TestDatabase, sql: string): Promise<number> {
  const [row] = await databases.as('reader').query<{ count: number }>(`select count(*)::integer as count ${sql}`)
  return row?.count ?? 0
}

await t.test('mqtts with certificates: everybody speaks for himself only', async (t) => {
  t.equal((await runTool(openssl, ['version'])).code, 0)
  const folder = t.testdir({})
  const authority = createAuthority(folder)
  const server = authority.issue('broker', { address: host })
  const own = authority.issue('headend')
  const port = await freePort()
  const acl = join(folder, 'acl')
  const rights = [
    'user headend',
    'topic readwrite #',
    'pattern write metering/%u/up',
    'pattern read metering/%u/receipt',
  ]
  // One of the devices may write anywhere: there the payload must show whose it is.
  writeFileSync(acl, [...rights, 'user c2', 'topic write metering/+/up', ''].join('\n'))
  chmodSync(server.keyFile, 0o644)
  const broker = await startMosquitto(folder, port, [
    `cafile ${authority.file}`,
    `certfile ${server.certificateFile}`,
    `keyfile ${server.keyFile}`,
    'require_certificate true',
    'use_identity_as_username true',
    'tls_version tlsv1.2',
    `acl_file ${acl}`,
  ])
  t.teardown(() => broker.stop())
  const url = `mqtts://${host}:${port}`
  const access = (shown: IssuedCertificate | null, more: Partial<BrokerAccess> = {}): BrokerAccess => ({
    ...openAccess(url),
    protocolVersion: '5',
    certificates: () => ({
      authority: authority.text,
      certificate: shown?.certificate ?? null,
      key: shown?.key ?? null,
      serverName: null,
    }),
    ...more,
  })
  const publishAs = (shown: IssuedCertificate, topic: string, payload: Buffer, version = 'mqttv5') => {
    const file = join(folder, 'payload')
    writeFileSync(file, payload)
    const identity = ['--cafile', authority.file, '--cert', shown.certificateFile, '--key', shown.keyFile]
    return runTool(publisher, [
      '-h',
      host,
      '-p',
      String(port),
      '-q',
      '1',
      '-V',
      version,
      ...identity,
      '-t',
      topic,
      '-f',
      file,
    ])
  }

  await t.test('a foreign client is a concentrator, with MQTT 5 and 3.1.1', async (t) => {
    const databases = await plant(t, url)
    const headEnd = await headEndOf(t, databases, 'node-tls', [access(own)])
    const [c1, c2] = [authority.issue('c1'), authority.issue('c2')]
    t.equal((await publishAs(c1, 'metering/c1/up', uploadOf('c1', 1, [11], afterMidnight(0)))).code, 0)
    t.equal((await publishAs(c1, 'metering/c1/up', uploadOf('c1', 2, [12], afterMidnight(0)), 'mqttv311')).code, 0)
    await until(async () => (await countOf(databases, 'from reading')) === 2, 'two readings')
    // Its own certificate does not let it write on another's topic; the broker drops it.
    await publishAs(c1, 'metering/c2/up', uploadOf('c2', 1, [21], afterMidnight(0)))
    // Another is let through, but what it sends names itself.
    t.equal((await publishAs(c2, 'metering/c1/up', uploadOf('c2', 1, [22], afterMidnight(0)))).code, 0)
    await until(async () => (await countOf(databases, 'from quarantine')) === 1, 'the word of another')
    t.same(await databases.as('reader').query('select line_id, reason from quarantine'), [
      { line_id: 1n, reason: 'wrong_concentrator' },
    ])
    t.equal(await countOf(databases, 'from reading where meter_id > 20'), 0)
    t.match(headEnd.status().brokers, [{ url, connected: true, failure: null }])
    const rows = await databases
      .as('reader')
      .query<{ meter_id: bigint; read_at: number; total_e4: bigint }>('select * from reading')
    for (const row of rows) t.equal(row.total_e4, registersOf(Number(row.meter_id), row.read_at).totalE4)
  })

  await t.test('a connection that is not certain of the other side is refused with its reason', async (t) => {
    const stranger = createAuthority(t.testdir({}))
    const cases: readonly (readonly [title: string, access: BrokerAccess, failure: RegExp])[] = [
      [
        'an authority that is not ours',
        access(own, {
          certificates: () => ({
            authority: stranger.text,
            certificate: own.certificate,
            key: own.key,
            serverName: null,
          }),
        }),
        /certificate/,
      ],
      [
        'a server of another name',
        access(own, {
          certificates: () => ({
            authority: authority.text,
            certificate: own.certificate,
            key: own.key,
            serverName: 'other.example',
          }),
        }),
        /altname|Hostname/i,
      ],
      ['a client without a certificate', access(null), /certificate|lost/i],
      ['a client of another authority', access(stranger.issue('headend')), /alert|certificate|lost/i],
      [
        'a client whose certificate has expired',
        access(authority.issue('headend', { expired: true })),
        /alert|certificate|lost/i,
      ],
      ['plain text at a TLS port', { ...openAccess(`mqtt://${host}:${port}`) }, /lost|closed|reset/i],
    ]
    for (const [title, each, failure] of cases) {
      const refused = await connectOnce(each)
      t.equal(refused.isConnected(), false, title)
      t.match(refused.failure(), failure, title)
      await refused.close()
    }
    const expired = authority.issue('broker', { address: host, expired: true })
    chmodSync(expired.keyFile, 0o644)
    const old = await freePort()
    const tls = [`cafile ${authority.file}`, `certfile ${expired.certificateFile}`, `keyfile ${expired.keyFile}`]
    const started = await startMosquitto(folder, old, [...tls, 'allow_anonymous true'])
    t.teardown(() => started.stop())
    const refused = await connectOnce({ ...access(own), url: `mqtts://${host}:${old}` })
    t.match(refused.failure(), /CERT_HAS_EXPIRED/)
    await refused.close()
  })
})

function connectOnce(access: BrokerAccess): Promise<Broker> {
  return connectBroker({
    clock,
    network,
    access,
    clientId: 'shuangwu-headend-refused',
    subscriptions: [{ filter: 'metering/+/up', shareable: false }],
    heardElsewhere: [],
    presence: { topic: 'shuangwu/headend/refused/status', here: Buffer.from('1'), gone: Buffer.from('0') },
    onMessage: () => undefined,
    onDown: () => undefined,
  })
}

await t.test('two head-ends divide the uploads of MQTT 5 among them, each upload stored once', async (t) => {
  const port = await freePort()
  const broker = await startMosquitto(t.testdir({}), port, ['allow_anonymous true'])
  t.teardown(() => broker.stop())
  const url = `mqtt://${host}:${port}`
  const databases = await plant(t, url)
  const shared: BrokerAccess = { ...openAccess(url), protocolVersion: '5', shareGroup: 'city' }
  const stored = { one: 0, two: 0 }
  const nodes = [
    await headEndOf(t, databases, 'one', [shared], () => (stored.one += 1)),
    await headEndOf(t, databases, 'two', [shared], () => (stored.two += 1)),
  ]
  const receipts = new Set<number>()
  const device = await deviceAt(port, (batch) => receipts.add(batch))
  t.teardown(() => device.endAsync(true))
  for (let batch = 0; batch < nights; batch++)
    await device.publishAsync('metering/c1/up', uploadOf('c1', batch, [11, 12, 13], afterMidnight(batch)), { qos: 1 })
  await until(() => receipts.size === nights, 'all receipts')
  await Promise.all(nodes.map((node) => node.uploadsCommitted()))
  t.equal(await countOf(databases, 'from reading'), 3 * nights)
  t.equal(await countOf(databases, 'from frame'), nights, 'no upload went to both')
  t.equal(await countOf(databases, 'from quarantine'), 0)
  t.ok(stored.one > 0 && stored.two > 0, `both stored some: ${JSON.stringify(stored)}`)
})

/** A device of another make: hears receipts, connects again by itself. */
async function deviceAt(port: number, onReceipt: (batch: number) => void): Promise<MqttClient> {
  const client = await connectAsync(`mqtt://${host}:${port}`, {
    clientId: 'device-c1',
    clean: true,
    reconnectPeriod: 200,
    protocolVersion: 4,
  })
  client.on('error', () => undefined)
  client.on('message', (_topic, payload) => {
    const receipt = parseReceipt(payload)
    if (receipt.ok) onReceipt(receipt.value.batch)
  })
  await client.subscribeAsync('metering/c1/receipt', { qos: 1 })
  return client
}

await t.test(
  'a broker that is killed while uploads arrive costs time: acknowledged ⊆ stored ⊆ sent, each key once',
  async (t) => {
    const folder = t.testdir({})
    const port = await freePort()
    let broker = await startMosquitto(folder, port, ['allow_anonymous true'])
    t.teardown(() => broker.stop())
    const databases = await plant(t, `mqtt://${host}:${port}`)
    const headEnd: HeadEnd = await headEndOf(t, databases, 'node-kill')
    const log = join(folder, 'receipts.log')
    writeFileSync(log, '')
    const open = new Map<number, Buffer>()
    const device = await deviceAt(port, (batch) => {
      // The witness outside: what it says is acknowledged must be stored.
      if (open.delete(batch)) appendFileSync(log, `${batch}\n`)
    })
    t.teardown(() => device.endAsync(true))
    let kills = 0
    const send = (batch: number, payload: Buffer): void => {
      if (device.connected) device.publish('metering/c1/up', payload, { qos: 1 })
      open.set(batch, payload)
    }
    for (let batch = 0; batch < nights; batch++) {
      send(batch, uploadOf('c1', batch, [11, 12, 13], afterMidnight(batch)))
      await sleep(20)
      if (batch % 15 !== 7) continue
      broker.process.kill('SIGKILL')
      await once(broker.process, 'exit')
      kills += 1
      t.equal(headEnd.status().pendingUploads >= 0, true)
      broker = await startMosquitto(folder, port, ['allow_anonymous true'])
    }
    const again = setInterval(() => {
      for (const [batch, payload] of open) send(batch, payload)
    }, 500)
    await until(() => open.size === 0, 'a receipt for every upload').finally(() => clearInterval(again))
    await headEnd.uploadsCommitted()
    t.equal(kills, 3)
    const acknowledged = readFileSync(log, 'utf8').trim().split('\n').map(Number)
    t.equal(new Set(acknowledged).size, acknowledged.length)
    const stored = await databases
      .as('reader')
      .query<{ meter_id: bigint; read_at: number; total_e4: bigint }>('select meter_id, read_at, total_e4 from reading')
    const keys = new Set(stored.map((row) => `${row.meter_id} ${beijing.dateAt(row.read_at)}`))
    t.equal(keys.size, stored.length, 'each key once')
    t.equal(stored.length, 3 * nights)
    for (const batch of acknowledged) {
      const date = beijing.dateAt(firstMidnight + batch * dayMs)
      for (const meter of [11, 12, 13])
        t.ok(keys.has(`${meter} ${date}`), `${meter} ${date} is acknowledged and stored`)
    }
    for (const row of stored) t.equal(row.total_e4, registersOf(Number(row.meter_id), row.read_at).totalE4)
    t.match(headEnd.status(), { pendingUploads: 0, uploadError: null, brokers: [{ connected: true }] })
  },
)

await t.test('a broker that is away keeps nobody from the others, and is used as soon as it is there', async (t) => {
  const [port, later] = [await freePort(), await freePort()]
  const broker = await startMosquitto(t.testdir({}), port, ['allow_anonymous true'])
  t.teardown(() => broker.stop())
  const databases = await plant(t, `mqtt://${host}:${port}`)
  await databases
    .as('owner')
    .execute(`update line set settings = jsonb_build_object('brokerUrl', $1::text) where code = 'c2'`, [
      `mqtt://${host}:${later}`,
    ])
  const headEnd = await headEndOf(t, databases, 'node-two-brokers')
  const status = () =>
    [port, later].map((each) => {
      const found = headEnd.status().brokers.find(({ url }) => url.endsWith(`:${each}`))
      return `${found?.connected} ${found?.failure}`
    })
  t.match(status(), ['true null', /^false .*ECONNREFUSED/])
  const send = (at: number, concentrator: string, meter: number) => {
    const file = join(t.testdirName, concentrator)
    writeFileSync(file, uploadOf(concentrator, 1, [meter], afterMidnight(0)))
    return runTool(publisher, [
      '-h',
      host,
      '-p',
      String(at),
      '-q',
      '1',
      '-t',
      `metering/${concentrator}/up`,
      '-f',
      file,
    ])
  }
  t.equal((await send(port, 'c1', 11)).code, 0)
  await until(async () => (await countOf(databases, 'from reading')) === 1, 'the reading of the first broker')
  const second = await startMosquitto(t.testdirName, later, ['allow_anonymous true'])
  t.teardown(() => second.stop())
  await until(() => headEnd.status().brokers.every(({ connected }) => connected), 'the second broker')
  t.equal((await send(later, 'c2', 21)).code, 0)
  await until(async () => (await countOf(databases, 'from reading')) === 2, 'the reading of the second broker')
  t.match(status(), ['true null', 'true null'])
})
