import { MqttClient } from 'mqtt'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import t from 'tap'
import { createRealNetwork } from '../../../console/runtime/real-network.js'
import { present } from '../../../domain/result.js'
import { type Clock, type Endpoint, holding, type Network } from '../../../domain/runtime.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { hourMs, minuteMs, secondMs } from '../../../domain/time.js'
import { encodeReceipt, parseUpload } from '../../../protocols/concentrator/messages.js'
import { decodeItem, identifierOf } from '../../../protocols/dlt645/data-items.js'
import { createFrameSplitter } from '../../../protocols/dlt645/frame-splitter.js'
import { encodeReadRequest, parseReply } from '../../../protocols/dlt645/messages-2007.js'
import { encodeTcpAdu, takeTcpAdu } from '../../../protocols/modbus/tcp-adu.js'
import { startBroker } from '../../../simulators/broker.js'
import { describeUtility } from '../../../simulators/utility/describe-utility.js'
import type { LineDescription, PointDescription, UtilityDescription } from '../../../simulators/utility/description.js'
import { topicsOf } from '../../../simulators/utility/endpoints.js'
import { meterStaysOf, stayOf } from '../../../simulators/utility/meter-registers.js'
import { startUtility } from '../../../simulators/utility/start-utility.js'
import { at } from '../../../simulators/utility/story-calendar.js'
import { createVirtualClock } from '../../../simulators/virtual-clock.js'
import { createVirtualNetwork } from '../../../simulators/virtual-network.js'

const anyPort = { host: '127.0.0.1', port: 0 }
const quiet = describeUtility({ seed: 3, meters: 16 })
const description: UtilityDescription = { ...quiet, faults: { ...quiet.faults, damagedPermille: 0 } }
const stays = meterStaysOf(description)

await t.test('meters on serial lines answer with the frozen registers of their midnights', async (t) => {
  const world = await open(at('2026-06-30', 20), 'dlt645_tcp')
  const { oldMeter, newMeter, noSupply, dead } = actors()
  const cases = [
    ['first midnight', at('2026-07-01', 1), 'line-1', oldMeter, 1, trueTotal(oldMeter, at('2026-07-01'))],
    ['line down', at('2026-07-12', 1), 'line-2', pointOn('line-2').meter.entry.code, 1, 'refused'],
    [
      'line up again',
      at('2026-07-14', 1),
      'line-2',
      pointOn('line-2').meter.entry.code,
      3,
      trueTotal(pointOn('line-2').meter.entry.code, at('2026-07-12')),
    ],
    [
      'old meter before its exchange',
      at('2026-07-16', 1),
      'line-1',
      oldMeter,
      1,
      trueTotal(oldMeter, at('2026-07-16')),
    ],
    ['old meter after its exchange', at('2026-07-17', 1), 'line-1', oldMeter, 1, 'silent'],
    ['new meter after the exchange', at('2026-07-17', 2), 'line-1', newMeter, 1, trueTotal(newMeter, at('2026-07-17'))],
    ['midnight without supply', at('2026-07-20', 1), 'line-3', noSupply, 1, 'absent'],
    ['the day after', at('2026-07-21', 1), 'line-3', noSupply, 1, trueTotal(noSupply, at('2026-07-21'))],
    ['before the module dies', at('2026-07-29', 1), 'line-3', dead, 1, trueTotal(dead, at('2026-07-29'))],
    ['after the module died', at('2026-07-30', 1), 'line-3', dead, 1, 'silent'],
  ] as const
  for (const [what, instant, line, meter, index, expected] of cases) {
    await world.clock.sleep(instant - world.clock.now())
    t.equal(await askFreeze(world, line, meter, index), expected, what)
  }
  await world.close()
})

await t.test('Modbus meters show the midnight’s registers through the first quarter of an hour', async (t) => {
  const world = await open(at('2026-06-30', 23), 'modbus_tcp')
  await world.clock.sleep(hourMs + 7 * minuteMs)
  const shop = present(
    description.points.find(({ account }) => account.tariff === 'hb-commercial-single-lv'),
    'shop',
  )
  const counts = await askModbus(world, shop)
  const { totalE4, touE4 } = stayOf(stays, shop.meter.entry.code).registersAt(at('2026-07-01'))
  t.same(
    counts,
    [totalE4, ...touE4].map((valueE4) => Number((valueE4 ?? 0n) / 100n)),
  )
  await world.close()
})

await t.test('the concentrator uploads every night, again and again until it has a receipt', async (t) => {
  const world = await open(at('2026-06-30', 23), 'mqtt_concentrator')
  const client = await connectClient(world.clock, world.network, world.broker)
  const { upload, receipt } = topicsOf('concentrator-1')
  const heard: { batch: number; at: number; frames: number }[] = []
  client.on('message', (_topic, payload) => {
    const parsed = parseUpload(payload)
    const { concentrator, batch, items } = present(parsed.ok ? parsed.value : null, 'upload')
    heard.push({ batch, at: world.clock.now(), frames: items.length })
    if (heard.length === 2) client.publish(receipt, encodeReceipt({ concentrator, batch }), { qos: 1 })
  })
  await client.subscribeAsync(upload, { qos: 1 })
  await world.clock.sleep(3 * hourMs)
  const meters = description.points.filter(({ line }) => line === 'concentrator-1').length
  const collectedAt = at('2026-07-01') + 15 * minuteMs
  t.same(heard, [
    { batch: 1, at: collectedAt, frames: 2 * meters },
    { batch: 1, at: collectedAt + minuteMs, frames: 2 * meters },
  ])
  await client.endAsync(true)
  await world.close()
})

interface World {
  readonly clock: Clock
  readonly network: Network
  readonly broker: Endpoint
  readonly lines: ReadonlyMap<string, Endpoint>
  readonly close: () => Promise<void>
}

/** A utility with lines of one kind. */
async function open(start: number, kind: LineDescription['kind']): Promise<World> {
  const clock = createVirtualClock(start)
  const network = createVirtualNetwork(clock, createRealNetwork())
  const broker = await startBroker(anyPort, network)
  const runtime = { clock, network, random: createSeededRandom(description.seed), broker: broker.endpoint }
  const lines = description.lines.filter((line) => line.kind === kind)
  const utility = await startUtility({ ...description, lines }, runtime)
  return {
    clock,
    network,
    broker: broker.endpoint,
    lines: utility.endpoints.lines,
    async close() {
      await utility.close()
      await broker.close()
      clock.close()
    },
  }
}

function actors() {
  const { exchange, faults } = description
  const meterAt = (usagePoint: string) =>
    present(
      description.points.find((point) => point.usagePoint === usagePoint),
      usagePoint,
    ).meter.entry.code
  return {
    oldMeter: meterAt(exchange.usagePoint),
    newMeter: exchange.newMeter.entry.code,
    noSupply: meterAt(faults.noSupply.usagePoint),
    dead: meterAt(faults.deadModule.usagePoint),
  }
}

function pointOn(line: string): PointDescription {
  return present(
    description.points.find((point) => point.line === line),
    line,
  )
}

function trueTotal(meter: string, midnight: number): string {
  return stayOf(stays, meter).registersAt(midnight).totalE4.toString()
}

/** Total of a freeze as text, or what came instead of it. */
async function askFreeze(world: World, line: string, meterCode: string, index: number): Promise<string> {
  const endpoint = present(world.lines.get(line), line)
  const socket = await world.network.connect(endpoint).catch(() => null)
  if (socket === null) return 'refused'
  const { meter } = stayOf(stays, meterCode)
  const replied = firstFrame(socket, world.clock)
  socket.write(encodeReadRequest(meter.entry.communicationAddress, identifierOf('daily_freeze_forward_active', index)))
  const answer = await replied
  socket.destroy()
  return answer
}

function firstFrame(socket: Socket, clock: Clock): Promise<string> {
  const splitter = createFrameSplitter()
  return new Promise((resolve) => {
    clock.setTimer(2 * secondMs, () => resolve('silent'))
    socket.on('data', (chunk: Buffer) => {
      for (const { frame } of splitter.push(chunk)) resolve(totalOf(parseReply(frame)))
    })
  })
}

function totalOf(reply: ReturnType<typeof parseReply>): string {
  if (!reply.ok || reply.value.kind !== 'data') return 'no data'
  const decoded = decodeItem('daily_freeze_forward_active', reply.value.payload)
  return decoded.ok ? decoded.value.totalE4.toString() : decoded.error.kind.replace('value_', '')
}

async function askModbus({ network, lines }: World, point: PointDescription): Promise<readonly number[]> {
  const socket = await network.connect(present(lines.get(point.line), point.line))
  const unitId = Number(point.meter.entry.communicationAddress)
  socket.write(encodeTcpAdu({ transactionId: 1, unitId, pdu: Buffer.from([3, 0, 10, 0, 10]) }))
  const [chunk] = await once(socket, 'data')
  const taken = takeTcpAdu(chunk)
  socket.destroy()
  const pdu = taken.ok && taken.value !== null ? taken.value.adu.pdu : Buffer.alloc(0)
  return [2, 6, 10, 14, 18].map((offset) => pdu.readUInt32BE(offset))
}

async function connectClient(clock: Clock, network: Network, endpoint: Endpoint): Promise<MqttClient> {
  const socket = await network.connect(endpoint)
  const client = new MqttClient(() => socket, { clientId: 'test', protocolVersion: 4, reconnectPeriod: 0 })
  await holding(clock, () => new Promise<void>((connected) => client.once('connect', () => connected())))
  return client
}
