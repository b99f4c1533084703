import { Duplex } from 'node:stream'
import t from 'tap'
import { decodeLiveRead } from '../../../billing/checker/dlt645-evidence.js'
import { activeEnergy } from '../../../billing/checker/counted.js'
import type { MeterQuirks } from '../../../domain/meter-quirks.js'
import type { SerialPorts, SerialSettings } from '../../../domain/runtime.js'
import { dayMs, minuteMs } from '../../../domain/time.js'
import type { OpenRead } from '../../../headend/acquisition/line-reader.js'
import { ownLine } from '../../../headend/sessions/talk-right.js'
import { openLineSession } from '../../../headend/transports/line-session.js'
import { calendarOf } from '../../../domain/time.js'
import { createLineBus } from '../../../simulators/line-bus.js'
import type { Dlt645Meter } from '../../../simulators/meter/dlt645-meter.js'
import { addressOf, createWorld, firstMidnight, registersOf, simulatedMeter } from '../../support/field-world.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

interface Setup {
  readonly meters: readonly Dlt645Meter[]
  readonly models: Readonly<Record<string, MeterQuirks>>
  /** With which parity a meter talks; others hear nothing of it. */
  readonly parityOf?: (address: string) => SerialSettings['parity']
  readonly echo?: boolean
  readonly at?: number
}

/** A bus behind a serial port of our own, and a record of what was said on it and how the port was set. */
async function open(t: Teardown, { meters, models, parityOf = () => 'even', echo = false, at = 6 * minuteMs }: Setup) {
  const { clock, network, random } = createWorld(firstMidnight + at)
  const said: string[] = []
  const opened: SerialSettings[] = []
  let isOpen = false
  const serialPorts: SerialPorts = {
    async open(settings) {
      if (isOpen) throw new Error('the port is open already')
      isOpen = true
      opened.push(settings)
      const heard = meters.filter((meter) => parityOf(meter.address()) === settings.parity)
      const bus = createLineBus(
        {
          name: 'bus',
          baud: settings.baud,
          meters: heard.map((meter) => ({ meter, from: 0, to: null })),
          damagedPermille: 0,
          faults: { echo },
        },
        { clock, random },
        (chunk) => port.push(chunk),
      )
      const port = new Duplex({
        read: () => undefined,
        write(chunk: Buffer, _encoding, done) {
          said.push(`${clock.now() - firstMidnight} ${chunk.toString('hex')}`)
          bus.transmit(chunk)
          done()
        },
        destroy(error, done) {
          isOpen = false
          bus.close()
          done(error)
        },
      })
      return port
    },
  }
  const calendar = calendarOf('Asia/Shanghai')
  if (calendar === null) throw new Error('no calendar')
  const session = openLineSession({
    clock,
    network,
    serialPorts,
    newestMidnight: firstMidnight,
    quirksOf: (model) => models[model] ?? {},
    right: ownLine,
    line: {
      lineId: 1n,
      code: 'bus',
      timeZone: 'Asia/Shanghai',
      calendar,
      kind: 'dlt645_serial',
      settings: {
        path: '/dev/ttyS1',
        baud: 2400,
        parity: 'even',
        stopBits: 1,
        wakeUpBytes: 4,
        replyTimeoutMs: 500,
        requestGapMs: 0,
      },
    },
  })
  t.teardown(async () => {
    session.reader.close()
    clock.close()
  })
  await session.reader.ready(clock.now() + minuteMs)
  return { clock, reader: session.reader, said, opened }
}

function due(ordinal: number, model: string, readAt = firstMidnight): OpenRead {
  return { meterId: BigInt(ordinal), communicationAddress: addressOf(ordinal), model, readAt }
}

await t.test('a meter of the 1997 edition is read live, under its number filled up with AA', async (t) => {
  // Its number has four digits; on the wire it answers with all twelve.
  const meter = simulatedMeter(1234, { habits: { edition: '1997' } })
  const { clock, reader, said } = await open(t, {
    meters: [meter],
    models: { old: { edition: '1997', addressPadding: 'aa', wakeUpBytes: 2 } },
  })
  const outcome = await reader.read(due(1234, 'old'))
  t.match(outcome, {
    kind: 'read',
    reading: { source: 'live', protocol: 'dlt645_1997', quantity: 'forward_active_energy' },
  })
  if (outcome.kind !== 'read') return
  const { reading } = outcome
  t.equal(reading.readAt, reading.receivedAt, 'it belongs to the moment of its receipt')
  t.equal(reading.registers.totalE4, registersOf(1234, clock.now()).totalE4)
  t.match(said[0], / fefe683412aaaaaaaa680102/)
  const frame = { request: reading.request?.toString('hex'), response: reading.response.toString('hex') }
  const proved = decodeLiveRead({ value: frame, path: 'frame' }, addressOf(1234), activeEnergy)
  t.same(proved[0], { numerator: reading.registers.totalE4 / 100n, denominator: 100n }, 'and its frame proves it')
})

await t.test('of a meter without freezes, older midnights and late hours cannot be had', async (t) => {
  const setup = {
    meters: [simulatedMeter(5, { habits: { edition: '1997' } })],
    models: { old: { edition: '1997' } },
  } as const
  const { reader, said } = await open(t, setup)
  t.same(await reader.read(due(5, 'old', firstMidnight - dayMs)), { kind: 'failed', cause: 'no_freeze' })
  t.same(said, [], 'and cost no airtime')
  const late = await open(t, { ...setup, at: 16 * minuteMs })
  t.same(await late.reader.read(due(5, 'old')), { kind: 'failed', cause: 'live_too_late' })
})

await t.test('the port is opened again for a model with another parity, and only then', async (t) => {
  const { reader, opened } = await open(t, {
    meters: [1, 2, 3, 4].map((ordinal) => simulatedMeter(ordinal)),
    models: { plain: { parity: 'none' } },
    parityOf: (address) => (address === addressOf(3) || address === addressOf(4) ? 'none' : 'even'),
  })
  for (const each of [due(1, 'usual'), due(2, 'usual'), due(3, 'plain'), due(4, 'plain'), due(1, 'usual')])
    t.match(await reader.read(each), { kind: 'read' })
  t.same(
    opened.map(({ parity }) => parity),
    ['even', 'none', 'even'],
  )
})

await t.test('an adapter that echoes is heard out', async (t) => {
  const { reader } = await open(t, {
    meters: [simulatedMeter(1)],
    models: { echoing: { echo: true } },
    echo: true,
  })
  t.match(await reader.read(due(1, 'echoing')), { kind: 'read' })
  t.match(reader.counters(), { dropped: 0 })
})

await t.test('wake-up bytes, pause and patience are the model’s', async (t) => {
  const { clock, reader, said } = await open(t, {
    meters: [simulatedMeter(1)],
    models: { slow: { wakeUpBytes: 0, interFrameGapMs: 300, replyTimeoutMs: 2000 } },
  })
  t.match(await reader.read(due(1, 'slow')), { kind: 'read' })
  const [first = '', second = ''] = said.map((each) => each.split(' ')[1])
  t.match([first, second], [/^68/, /^68/])
  const before = clock.now()
  t.same(await reader.read(due(9, 'slow')), { kind: 'failed', cause: 'no_reply' })
  const requestMs = Math.ceil((16 * 11_000) / 2400)
  t.equal(clock.now() - before, 300 + requestMs + 2000)
})
