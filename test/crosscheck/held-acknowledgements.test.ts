import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, connectAsync, type MqttClient } from 'mqtt'
import t from 'tap'
import { holdAcknowledgements, type ReleaseAcknowledgement } from '../../headend/transports/held-acknowledgements.js'
import { checkoutRoot } from '../architecture/source-files.js'
import { requireTool, startTool } from './tools.js'

const mosquitto = requireTool('mosquitto', 'mosquitto')
const host = '127.0.0.1'
const patienceMs = 20_000
const topic = 'metering/c1/up'

interface Held {
  readonly text: string
  readonly redelivered: boolean
  readonly release: ReleaseAcknowledgement
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const giveUpAt = Date.now() + patienceMs
  while (!holds()) {
    if (Date.now() > giveUpAt) throw new Error(`waited in vain for ${what}`)
    await sleep(20)
  }
}

async function startBroker(folder: string) {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  const config = join(folder, 'mosquitto.conf')
  writeFileSync(config, `listener ${port} ${host}\nallow_anonymous true\nmax_inflight_messages 100\nlog_dest stderr\n`)
  const started = await startTool(mosquitto, ['-c', config], (text) => /mosquitto version \S+ running/.test(text))
  return { url: `mqtt://${host}:${port}`, stop: started.stop }
}

/** A subscriber that acknowledges nothing by itself. */
async function subscriberAt(url: string, receiveMaximum: number) {
  const held: Held[] = []
  const client: MqttClient = connect(url, {
    clientId: 'holder',
    clean: false,
    protocolVersion: 5,
    reconnectPeriod: 0,
    properties: { receiveMaximum, sessionExpiryInterval: 600 },
  })
  const acknowledgementOf = holdAcknowledgements(client)
  client.on('message', (_topic, payload, packet) =>
    held.push({ text: payload.toString(), redelivered: packet.dup, release: acknowledgementOf(packet.messageId) }),
  )
  await new Promise<void>((connected) => client.once('connect', () => connected()))
  await client.subscribeAsync(topic, { qos: 1 })
  return { client, held }
}

await t.test('the wrapper of a private method was made for the version that is pinned', async (t) => {
  const { dependencies } = JSON.parse(readFileSync(join(checkoutRoot, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  t.equal(dependencies['mqtt'], '5.16.0')
})

await t.test('the broker sends no more than the receive maximum before the first acknowledgement', async (t) => {
  const broker = await startBroker(t.testdir({}))
  t.teardown(() => broker.stop())
  const { client, held } = await subscriberAt(broker.url, 3)
  const device = await connectAsync(broker.url, { clientId: 'device', protocolVersion: 4 })
  t.teardown(async () => {
    await device.endAsync(true)
    await client.endAsync(true)
  })
  for (let index = 0; index < 10; index++) await device.publishAsync(topic, String(index), { qos: 1 })
  await until(() => held.length === 3, 'three messages')
  // Long enough for the others, if the broker sent them.
  await sleep(300)
  t.equal(held.length, 3, 'the other seven wait with the broker')
  held[0]?.release()
  // mosquitto 2.0.11 counts loosely once it has been acknowledged something.
  await until(() => held.length > 3, 'the fourth')
  for (let released = 0; released < 10; released++) {
    await until(() => held.length > released, 'the next')
    held[released]?.release()
  }
  await until(() => held.length === 10, 'all')
  t.same(
    held.map(({ text }) => text),
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  )
})

await t.test('what was not acknowledged comes again under the next connection, what was does not', async (t) => {
  const broker = await startBroker(t.testdir({}))
  t.teardown(() => broker.stop())
  const first = await subscriberAt(broker.url, 100)
  const device = await connectAsync(broker.url, { clientId: 'device', protocolVersion: 4 })
  for (let index = 0; index < 5; index++) await device.publishAsync(topic, String(index), { qos: 1 })
  await until(() => first.held.length === 5, 'five messages')
  first.held[0]?.release()
  first.held[3]?.release()
  await sleep(200)
  first.client.stream.destroy()
  await sleep(200)
  for (const { release } of first.held) release()
  const second = await subscriberAt(broker.url, 100)
  t.teardown(async () => {
    await device.endAsync(true)
    await second.client.endAsync(true)
  })
  await until(() => second.held.length === 3, 'the three that were held')
  await sleep(200)
  t.same(
    second.held.map(({ text, redelivered }) => `${text} ${redelivered}`),
    ['1 true', '2 true', '4 true'],
  )
})
