import { createHash } from 'node:crypto'
import t from 'tap'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { beijing, dayMs, hourMs, minuteMs, secondMs } from '../../domain/time.js'
import { decodeItem } from '../../protocols/dlt645/data-items.js'
import { encodeReadRequest, parseReply } from '../../protocols/dlt645/messages-2007.js'
import { type MeterDescription, usualFreezeDepth } from '../../simulators/meter/description.js'
import { createDlt645Meter, type Dlt645Meter } from '../../simulators/meter/dlt645-meter.js'
import { noisyBytes } from '../../simulators/bit-noise.js'
import type { LineMeter } from '../../simulators/line-meters.js'
import { type Rs485LineSettings, startRs485Line } from '../../simulators/rs485-line.js'
import { createVirtualClock } from '../../simulators/virtual-clock.js'
import { createVirtualNetwork } from '../../simulators/virtual-network.js'
import { connectLineMaster } from '../support/line-master.js'

const start = beijing.startOfDay('2026-03-05') + 5 * minuteMs
const always = { from: start - 100 * dayMs, to: null }

await t.test('a master reads a freeze over the line, at the line’s own pace', async (t) => {
  const { clock, line, master } = await createWorld({ meters: [{ meter: meterOf('000000000017'), ...always }] })
  const stamp = await master.read('000000000017', '05060001')
  t.strictSame(valueOf(stamp, 'daily_freeze_stamp'), { ok: true, value: beijing.startOfDay('2026-03-05') })
  const thinkingMs = clock.now() - start - airtimeMs(4 + 16) - airtimeMs(16) - airtimeMs(4 + 12 + 9 - 16)
  t.ok(thinkingMs >= 20 && thinkingMs <= 90, `turnaround ${thinkingMs} ms`)
  const registers = await master.read('000000000017', '05060101')
  t.strictSame(valueOf(registers, 'daily_freeze_forward_active'), {
    ok: true,
    value: { totalE4: 17_000_000n, touE4: [17_000_000n, 0n, 0n, 0n] },
  })
  t.match(line.counters(), { requests: 2, replies: 2, damagedReplies: 0, bytesFromMaster: 40, bytesToMaster: 25 + 40 })
  master.close()
  await line.close()
})

await t.test('nobody answers for an address that is not on the line at that time', async (t) => {
  const exchangeAt = start + hourMs
  const { clock, line, master } = await createWorld({
    meters: [
      { meter: meterOf('000000000001'), from: start - dayMs, to: exchangeAt },
      { meter: meterOf('000000000002'), from: exchangeAt, to: null },
    ],
  })
  const answers = async () => [
    await master.read('000000000001', '00010000'),
    await master.read('000000000002', '00010000'),
  ]
  t.same(
    (await answers()).map((split) => split?.frame.address ?? null),
    ['000000000001', null],
  )
  await clock.sleep(exchangeAt - clock.now())
  t.same(
    (await answers()).map((split) => split?.frame.address ?? null),
    [null, '000000000002'],
  )
  t.match(line.counters(), { requests: 4, replies: 2, unanswered: 2 })
  master.close()
  await line.close()
})

await t.test('a master that talks into a reply destroys it', async (t) => {
  const { clock, line, master } = await createWorld({ meters: [{ meter: meterOf('000000000001'), ...always }] })
  clock.setTimer(100, () => master.write(encodeReadRequest('000000000001', '00010000')))
  t.equal(await master.read('000000000001', '0001FF00'), null)
  t.match(line.counters(), { requests: 2, collisions: 1 })
  t.not(await master.read('000000000001', '0001FF00'), null)
  master.close()
  await line.close()
})

await t.test('half a request is forgotten after half a second', async (t) => {
  const { clock, line, master } = await createWorld({ meters: [{ meter: meterOf('000000000001'), ...always }] })
  master.write(encodeReadRequest('000000000001', '00010000').subarray(0, 11))
  await clock.sleep(501)
  t.not(await master.read('000000000001', '00010000'), null)
  t.equal(line.counters().requests, 1)
  master.close()
  await line.close()
})

await t.test('during an outage open connections are cut and new ones refused', async (t) => {
  const outage = { from: start + hourMs, to: start + 2 * hourMs }
  const { clock, network, line, master } = await createWorld({
    meters: [{ meter: meterOf('000000000001'), ...always }],
    outages: [outage],
  })
  t.equal(await master.closed, outage.from)
  await t.rejects(network.connect(line.endpoint), { code: 'ECONNREFUSED' })
  await clock.sleep(outage.to - clock.now())
  const again = await connectLineMaster(clock, network, line.endpoint)
  t.not(await again.read('000000000001', '00010000'), null)
  again.close()
  await line.close()
})

await t.test('noise damages its share of replies, the same ones in every run', async (t) => {
  const runs = await Promise.all([noisyRun(), noisyRun()])
  t.equal(runs[0].trace, runs[1].trace)
  t.equal(runs[0].exchanges, 1000)
  t.ok(runs[0].damaged > 20 && runs[0].damaged < 80, `${runs[0].damaged} of 1000 at 50 per mille`)
  t.equal(runs[0].missing, runs[0].damaged)
})

const one = '000000000001'
const oneMeter = { meters: [{ meter: meterOf(one), ...always }] }

await t.test('an echoing adapter sends the request back before the reply', async (t) => {
  const { line, master } = await createWorld({ ...oneMeter, faults: { echo: true } })
  t.match((await master.read(one, '00010000'))?.frame, { controlCode: 0x11 })
  master.close()
  await line.close()
})

await t.test('two meters of one address talk into each other', async (t) => {
  const twin = createDlt645Meter({
    ...descriptionOf(one),
    source: { registersAt: () => ({ totalE4: 123_400n, touE4: [null, null, null, null] }) },
  })
  const { line, master } = await createWorld({ meters: [...oneMeter.meters, { meter: twin, ...always }] })
  t.equal(await master.read(one, '00010000'), null)
  t.match(line.counters(), { requests: 1, collisions: 1, replies: 0 })
  master.close()
  await line.close()
})

await t.test('a meter that announces a wrong length is never believed', async (t) => {
  const liar = createDlt645Meter({ ...descriptionOf(one), habits: { sendsWrongLength: true } })
  const { line, master } = await createWorld({ meters: [{ meter: liar, ...always }] })
  t.equal(await master.read(one, '00010000'), null)
  master.close()
  await line.close()
})

await t.test('delays are added to the turnaround', async (t) => {
  const quick = await createWorld(oneMeter)
  await quick.master.read(one, '00010000')
  const slow = await createWorld({ ...oneMeter, faults: { extraDelayMs: 300 } })
  await slow.master.read(one, '00010000')
  t.equal(slow.clock.now() - quick.clock.now(), 300)
  for (const { master, line } of [quick, slow]) {
    master.close()
    await line.close()
  }
})

await t.test('babble takes its time on the line like everything else', async (t) => {
  const { clock, line, master } = await createWorld({
    ...oneMeter,
    faults: { babble: { everyMs: 100, bytes: 480 } },
  })
  const begin = clock.now()
  await clock.sleep(10 * minuteMs)
  const seconds = (clock.now() - begin) / secondMs
  const rate = (line.counters().bytesToMaster * 11) / seconds
  t.ok(rate > 2200 && rate <= 2400, `${rate} bits per second of 2400`)
  master.close()
  await line.close()
})

await t.test('somebody who babbles destroys what is being said, and lets the rest be read', async (t) => {
  const { line, master } = await createWorld({ ...oneMeter, faults: { babble: { everyMs: 2000, bytes: 9 } } })
  let read = 0
  for (let attempt = 0; attempt < 20; attempt += 1) if ((await master.read(one, '00010000')) !== null) read += 1
  t.ok(read >= 10, `${read} of 20`)
  t.ok(read < 20, `${read} of 20`)
  t.ok(line.counters().collisions > 0)
  master.close()
  await line.close()
})

await t.test(
  'wrong bits are dropped with their byte by a receiver that checks parity, and come through without',
  async (t) => {
    for (const parity of ['even', 'none'] as const) {
      const noise = { errorsPerMillionBits: 20_000, parity }
      const { line, master } = await createWorld({ ...oneMeter, faults: { noise } })
      const split = await master.read(one, '00010000', 1000)
      t.ok(split === null || split.frame.address === one, 'a damaged reply is none')
      master.close()
      await line.close()
      const bytes = Buffer.alloc(2000, 0x5a)
      const heard = noisyBytes(bytes, noise, createSeededRandom(9), 'test')
      const wrong = heard.filter((byte) => byte !== 0x5a).length
      if (parity === 'even') t.ok(heard.length < 1750 && wrong < 40, `${heard.length} bytes, ${wrong} wrong`)
      else t.ok(heard.length === 2000 && wrong > 200, `${wrong} wrong`)
    }
  },
)

await t.test('bytes on a clean line stay what they are', async (t) => {
  const bytes = Buffer.from('68aa16', 'hex')
  t.equal(noisyBytes(bytes, { errorsPerMillionBits: 0, parity: 'none' }, createSeededRandom(1)), bytes)
})

async function noisyRun() {
  const addresses = ['000000000001', '000000000002', '000000000003', '000000000004']
  const meters = addresses.map((address) => ({ meter: meterOf(address), ...always }))
  const { clock, line, master } = await createWorld({ meters, damagedPermille: 50 })
  const trace = createHash('sha256')
  let missing = 0
  for (let exchange = 0; exchange < 1000; exchange += 1) {
    const split = await master.read(addresses[exchange % 4] ?? '', exchange % 2 === 0 ? '05060101' : '05060001')
    trace.update(`${clock.now()} ${split?.bytes.toString('hex')}\n`)
    if (split === null) missing += 1
    await clock.sleep(50)
  }
  master.close()
  await line.close()
  const { replies, damagedReplies } = line.counters()
  return { trace: trace.digest('hex'), exchanges: replies, damaged: damagedReplies, missing }
}

async function createWorld(settings: Partial<Rs485LineSettings> & { readonly meters: readonly LineMeter[] }) {
  const clock = createVirtualClock(start)
  const network = createVirtualNetwork(clock, createRealNetwork())
  const line = await startRs485Line(
    {
      name: 'line-1',
      endpoint: { host: '127.0.0.1', port: 0 },
      baud: 2400,
      damagedPermille: 0,
      outages: [],
      ...settings,
    },
    { clock, network, random: createSeededRandom(1) },
  )
  return { clock, network, line, master: await connectLineMaster(clock, network, line.endpoint) }
}

/** Its register is a hundred times its number, in the first tariff. */
function meterOf(address: string): Dlt645Meter {
  return createDlt645Meter(descriptionOf(address))
}

function descriptionOf(address: string): MeterDescription {
  const totalE4 = BigInt(address) * 1_000_000n
  return {
    address,
    source: { registersAt: () => ({ totalE4, touE4: [totalE4, 0n, 0n, 0n] }) },
    energisedFrom: start - 10 * dayMs,
    missedFreezes: new Set(),
    freezeDepth: usualFreezeDepth,
  }
}

function airtimeMs(bytes: number): number {
  return Math.ceil((bytes * 11 * secondMs) / 2400)
}

function valueOf(
  split: Awaited<ReturnType<Awaited<ReturnType<typeof connectLineMaster>>['read']>>,
  name: 'daily_freeze_stamp' | 'daily_freeze_forward_active',
): unknown {
  const reply = split === null ? null : parseReply(split.frame)
  return reply?.ok && reply.value.kind === 'data' ? decodeItem(name, reply.value.payload) : null
}
