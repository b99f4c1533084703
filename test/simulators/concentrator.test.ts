import { createHash } from 'node:crypto'
import { Aedes } from 'aedes'
import { MqttClient } from 'mqtt'
import t, { type Test } from 'tap'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { holding } from '../../domain/runtime.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { beijing, dayMs, hourMs, minuteMs } from '../../domain/time.js'
import { ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import { encodeReceipt, parseUpload } from '../../protocols/concentrator/messages.js'
import type { Upload } from '../../protocols/concentrator/upload.js'
import { decodeItem } from '../../protocols/dlt645/data-items.js'
import { decodeFrame } from '../../protocols/dlt645/frame.js'
import { parseReply } from '../../protocols/dlt645/messages-2007.js'
import { type ConcentratorSettings, startConcentrator } from '../../simulators/concentrator.js'
import { usualFreezeDepth } from '../../simulators/meter/description.js'
import { createDlt645Meter, type Dlt645Meter } from '../../simulators/meter/dlt645-meter.js'
import { createVirtualClock } from '../../simulators/virtual-clock.js'
import { createVirtualNetwork } from '../../simulators/virtual-network.js'

const start = beijing.startOfDay('2026-03-05') - hourMs

await t.test('uploads each night’s freezes in batches, from real frames, until a receipt names them', async (t) => {
  const world = await createWorld({ meterCount: 5, metersPerBatch: 2, receiptOnAttempt: 1 })
  await world.clock.sleep(2 * dayMs)
  t.same(
    world.uploads.map(({ at, upload }) => `${iso(at)} ${upload.batch} ${upload.items.length}`),
    ['03-05 00:30 1 4', '03-05 00:30 2 4', '03-05 00:30 3 2', '03-06 00:30 4 4', '03-06 00:30 5 4', '03-06 00:30 6 2'],
  )
  t.strictSame(valuesOf(world.uploads[5]?.upload), [
    { address: '000000000005', value: beijing.startOfDay('2026-03-06') },
    { address: '000000000005', value: { totalE4: 50_000n, touE4: [null, null, null, null] } },
  ])
  t.same(world.concentrator.counters(), { collected: 10, batches: 6, duplicates: 0, repeats: 0, waiting: 0 })
  await world.close()
})

await t.test('sends again what has no receipt', async (t) => {
  const world = await createWorld({ meterCount: 2, metersPerBatch: 2, receiptOnAttempt: 3 })
  await world.clock.sleep(dayMs)
  t.same(
    world.uploads.map(({ at, upload }) => `${iso(at)} ${upload.batch}`),
    ['03-05 00:30 1', '03-05 00:35 1', '03-05 00:40 1'],
  )
  t.match(world.concentrator.counters(), { batches: 1, repeats: 2, waiting: 0 })
  await world.close()
})

await t.test('repeats a share of its uploads, the same ones in every run', async (t) => {
  const traces = await Promise.all([1, 2].map(() => duplicateTrace(t)))
  t.equal(traces[0], traces[1])
})

await t.test('a broker that goes away costs nothing but time', async (t) => {
  const world = await createWorld({ meterCount: 2, metersPerBatch: 2, receiptOnAttempt: 1 })
  await world.stopBroker()
  await world.clock.sleep(2 * hourMs)
  t.equal(world.uploads.length, 0)
  t.match(world.concentrator.counters(), { batches: 1, waiting: 1 })
  await world.startBroker()
  await world.clock.sleep(hourMs)
  t.equal(world.uploads[0]?.upload.batch, 1)
  t.equal(world.concentrator.counters().waiting, 0)
  await world.close()
})

async function duplicateTrace(t: Test): Promise<string> {
  const world = await createWorld({ meterCount: 20, metersPerBatch: 1, receiptOnAttempt: 1, duplicatedPermille: 200 })
  await world.clock.sleep(10 * dayMs)
  const { batches, duplicates, waiting } = world.concentrator.counters()
  t.same({ batches, waiting }, { batches: 200, waiting: 0 })
  t.equal(world.uploads.length, batches + duplicates)
  t.ok(duplicates > 20 && duplicates < 60, `${duplicates} of 200 at 200 per mille`)
  await world.close()
  const lines = world.uploads.map(({ at, upload }) => `${at} ${upload.batch}`)
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

interface WorldOptions {
  readonly meterCount: number
  readonly metersPerBatch: number
  /** The application answers each batch from this copy on. */
  readonly receiptOnAttempt: number
  readonly duplicatedPermille?: number
}

async function createWorld({ meterCount, metersPerBatch, receiptOnAttempt, duplicatedPermille = 0 }: WorldOptions) {
  const clock = createVirtualClock(start)
  const network = createVirtualNetwork(clock, createRealNetwork())
  const aedes = await Aedes.createBroker()
  let listener = await network.listen({ host: '127.0.0.1', port: 0 }, aedes.handle)
  const { endpoint } = listener
  const uploads: { readonly at: number; readonly upload: Upload }[] = []
  let application = await openApplication()

  /** Stands for the head-end: takes uploads and says when they are stored. */
  async function openApplication(): Promise<MqttClient> {
    const socket = await network.connect(endpoint)
    const client = new MqttClient(() => socket, { clientId: 'application', protocolVersion: 4, reconnectPeriod: 0 })
    client.on('error', () => {})
    client.on('message', (_topic, payload) => void take(client, payload))
    await holding(clock, () => client.subscribeAsync('metering/+/up', { qos: 1 }))
    return client
  }

  async function take(client: MqttClient, payload: Buffer): Promise<void> {
    const parsed = parseUpload(payload)
    if (!parsed.ok) throw new Error(parsed.error.kind)
    const { concentrator: code, batch } = parsed.value
    uploads.push({ at: clock.now(), upload: parsed.value })
    if (uploads.filter(({ upload }) => upload.batch === batch).length < receiptOnAttempt) return
    const receipt = encodeReceipt({ concentrator: code, batch })
    await holding(clock, () => client.publishAsync(`metering/${code}/receipt`, receipt, { qos: 1 }))
  }

  const settings: ConcentratorSettings = {
    code: 'C001',
    broker: endpoint,
    profile: ownEnvelope,
    meters: Array.from({ length: meterCount }, (_, index) => ({
      meter: meterOf(index + 1),
      from: start - dayMs,
      to: null,
    })),
    collectAtMinute: 30,
    metersPerBatch,
    receiptTimeoutMs: 5 * minuteMs,
    duplicatedPermille,
  }
  const concentrator = await startConcentrator(settings, { clock, network, random: createSeededRandom(1) })
  return {
    clock,
    uploads,
    concentrator,
    stopBroker: () => listener.close(),
    async startBroker() {
      listener = await network.listen(endpoint, aedes.handle)
      application = await openApplication()
    },
    async close() {
      await concentrator.close()
      await application.endAsync(true)
      await listener.close()
      await new Promise<void>((resolve) => aedes.close(resolve))
      clock.close()
    },
  }
}

function meterOf(number: number): Dlt645Meter {
  return createDlt645Meter({
    address: String(number).padStart(12, '0'),
    source: { registersAt: () => ({ totalE4: BigInt(number) * 10_000n, touE4: [null, null, null, null] }) },
    energisedFrom: start - 10 * dayMs,
    missedFreezes: new Set(),
    freezeDepth: usualFreezeDepth,
  })
}

function valuesOf(upload: Upload | undefined): readonly unknown[] {
  return (upload?.items ?? []).map(({ frame: bytes }) => {
    const frame = decodeFrame(bytes)
    const reply = frame.ok ? parseReply(frame.value) : frame
    if (!reply.ok || reply.value.kind !== 'data') return reply
    const { address, dataIdentifier, payload } = reply.value
    const isStamp = dataIdentifier === '05060001'
    const decoded = decodeItem(isStamp ? 'daily_freeze_stamp' : 'daily_freeze_forward_active', payload)
    return decoded.ok ? { address, value: decoded.value } : decoded
  })
}

function iso(instant: number): string {
  return new Date(instant + 8 * hourMs).toISOString().slice(5, 16).replace('T', ' ')
}
