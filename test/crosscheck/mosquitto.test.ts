import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MqttClient } from 'mqtt'
import t from 'tap'
import { createRealClock } from '../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { present } from '../../domain/result.js'
import type { Clock, Endpoint } from '../../domain/runtime.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { beijing, dayMs, minuteMs, secondMs } from '../../domain/time.js'
import type { EnvelopeProfile } from '../../protocols/concentrator/envelope-profile.js'
import { envelopeProfiles, ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import { encodeMeterTable } from '../../protocols/concentrator/meter-table.js'
import { encodeReadRequest } from '../../protocols/dlt645/messages-2007.js'
import { startBroker } from '../../simulators/broker.js'
import { startConcentrator } from '../../simulators/concentrator.js'
import {
  addressOf,
  type Application,
  concentratorCode,
  lineOf,
  openApplication,
  usualHabits,
} from '../support/concentrator-world.js'
import { requireTool, startTool } from './tools.js'

const mosquitto = requireTool('mosquitto', 'mosquitto')
const network = createRealNetwork()
const random = createSeededRandom(1)
const host = '127.0.0.1'
const patienceMs = 20_000

interface StartedBroker {
  readonly endpoint: Endpoint
  readonly close: () => Promise<unknown>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function startMosquitto(): Promise<StartedBroker> {
  const port = await freePort()
  const config = join(t.testdir({}), 'mosquitto.conf')
  writeFileSync(config, `listener ${port} ${host}\nallow_anonymous true\npersistence false\nlog_dest stderr\n`)
  const started = await startTool(mosquitto, ['-c', config], (text) => /mosquitto version \S+ running/.test(text))
  return { endpoint: { host, port }, close: started.stop }
}

const brokers = {
  mosquitto: startMosquitto,
  'the embedded broker': () => startBroker({ host, port: 0 }, network),
}

/** Real time, so long before the night's collection. */
function eveningClock(beforeMs: number): Clock {
  const clock = createRealClock()
  const ahead = beijing.startOfDay('2026-03-05') + usualHabits.collectAtMinute * minuteMs - beforeMs - clock.now()
  return { ...clock, now: () => clock.now() + ahead }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const giveUpAt = Date.now() + patienceMs
  while (!holds()) {
    if (Date.now() > giveUpAt) throw new Error(`waited in vain for ${what}`)
    await sleep(20)
  }
}

/** One night with a broker, until everything that was sent has been answered. @returns what the application heard. */
async function oneNight(start: () => Promise<StartedBroker>, profile: EnvelopeProfile) {
  const broker = await start()
  // A table and a request come first in our own envelope.
  const clock = eveningClock(profile === ownEnvelope ? 5 * secondMs : 2 * secondMs)
  const runtime = { clock, network, random }
  const meters = lineOf(5, clock.now() - dayMs)
  const application = await openApplication(profile, broker.endpoint, runtime)
  const carrier = { minMs: 50, spanMs: 0 }
  const concentrator = await startConcentrator(
    {
      ...usualHabits,
      broker: broker.endpoint,
      profile,
      meters,
      carrier,
      receiptTimeoutMs: minuteMs,
      duplicatedPermille: 500,
    },
    runtime,
  )
  if (profile === ownEnvelope) await talk(application)
  await until(() => concentrator.counters().collected > 0 && concentrator.counters().waiting === 0, 'the confirmations')
  const { batches, duplicates, repeats } = concentrator.counters()
  const expected = batches + duplicates
  await until(() => application.contents('up').length >= expected, 'the uploads')
  await concentrator.close()
  if (profile === ownEnvelope)
    await until(() => application.contents('status').length === 2, 'the word that it has gone')
  await application.close()
  await broker.close()
  return {
    counters: { batches, duplicates, repeats },
    table: concentrator.table(),
    heard: application.heard.map(({ topic, payload }) => `${topic} ${payload.toString('latin1')}`).sort(),
    parts: profile === ownEnvelope ? expected + 4 : expected,
  }
}

/** A table of four meters, then a request to one of them. */
async function talk(application: Application): Promise<void> {
  const meters = [1, 2, 3, 4].map((number) => ({ terminalPoint: number, address: addressOf(number) }))
  await application.publish(
    `metering/${concentratorCode}/table`,
    encodeMeterTable({ concentrator: concentratorCode, version: 1, meters }),
  )
  await until(() => application.heard.some(({ topic }) => topic.endsWith('/table/receipt')), 'the receipt of the table')
  const bytes = encodeReadRequest(addressOf(3), '00010000')
  await application.send('down', { messageId: 'r1', frames: [{ bytes, meter: null, time: null }] })
  await until(() => application.contents('response').length > 0, 'the answer')
}

for (const name of ['shuangwu', 'air72x-bytes', 'dgiot']) {
  await t.test(`${name}: the same messages arrive through mosquitto and through the embedded broker`, async (t) => {
    const profile = present(envelopeProfiles.get(name), name)
    const real = await oneNight(brokers.mosquitto, profile)
    const embedded = await oneNight(brokers['the embedded broker'], profile)
    t.equal(real.heard.length, real.parts, 'nothing came that was not sent')
    t.strictSame(real.heard, embedded.heard)
    t.strictSame(real.counters, embedded.counters)
    t.strictSame(real.table, embedded.table)
    t.equal(real.counters.repeats, 0)
  })
}

await t.test('two head-ends share uploads over MQTT 5, each upload going to one of them', async (t) => {
  const broker = await startMosquitto()
  t.teardown(() => broker.close())
  const heard: string[] = []
  const clients = await Promise.all(
    ['one', 'two'].map(async (clientId) => {
      const socket = await network.connect(broker.endpoint)
      const client = new MqttClient(() => socket, { clientId, protocolVersion: 5, reconnectPeriod: 0 })
      client.on('message', (_topic, payload) => heard.push(`${clientId} ${payload.toString()}`))
      await client.subscribeAsync('$share/headend/metering/+/up', { qos: 1 })
      return client
    }),
  )
  const clock = eveningClock(2 * secondMs)
  const meters = lineOf(6, clock.now() - dayMs)
  const settings = { ...usualHabits, broker: broker.endpoint, profile: ownEnvelope, meters, metersPerBatch: 1 }
  const concentrator = await startConcentrator(settings, { clock, network, random })
  await until(() => heard.length >= 6, 'the uploads')
  await sleep(200)
  t.equal(heard.length, 6)
  t.equal(new Set(heard.map((each) => each.replace(/^\w+ /, ''))).size, 6)
  t.same(new Set(heard.map((each) => each.split(' ')[0])), new Set(['one', 'two']))
  await concentrator.close()
  await Promise.all(clients.map((client) => client.endAsync(true)))
})
