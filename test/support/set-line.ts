import { createSeededRandom } from '../../domain/seeded-random.js'
import { type Instant, secondMs } from '../../domain/time.js'
import type { SetMeter } from '../../headend/reading-sets/ask-item.js'
import { type Dlt645Line, openDlt645Line } from '../../headend/sessions/dlt645-line.js'
import type { Edition } from '../../protocols/dlt645/data-item.js'
import { encodeMessage, type Message } from '../../protocols/dlt645/message.js'
import type { MeterDescription } from '../../simulators/meter/description.js'
import { type Rs485Line, type Rs485LineSettings, startRs485Line } from '../../simulators/rs485-line.js'
import type { VirtualClock } from '../../simulators/virtual-clock.js'
import { addressOf, createWorld, local, simulatedMeter } from './field-world.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

export interface SetLine {
  readonly clock: VirtualClock
  readonly bus: Rs485Line
  readonly line: Dlt645Line
  /** Tells meter 1 something, past the head-end, as somebody with its password on site does. */
  readonly tell: (name: Message['function'], dataIdentifier: string | null, payload: Buffer) => Promise<void>
  /** Lets virtual time pass. */
  readonly until: (instant: Instant) => Promise<void>
}

export const setLineBaud = 2400

/** A simulated line with the meters 1, 2 … as described, on a real socket in virtual time, and the head-end's session with it. */
export async function openSetLine(
  t: Teardown,
  start: Instant,
  meters: readonly Partial<MeterDescription>[],
  settings: Partial<Rs485LineSettings> = {},
): Promise<SetLine> {
  const { clock, network } = createWorld(start)
  const bus = await startRs485Line(
    {
      name: 'line',
      endpoint: local,
      baud: setLineBaud,
      meters: meters.map((description, index) => ({
        meter: simulatedMeter(index + 1, description),
        from: Number.NEGATIVE_INFINITY,
        to: null,
      })),
      damagedPermille: 0,
      outages: [],
      ...settings,
    },
    { clock, network, random: createSeededRandom(7) },
  )
  const line = openDlt645Line({
    clock,
    connect: () => network.connect(bus.endpoint),
    settings: { baud: setLineBaud, wakeUpBytes: 4, replyTimeoutMs: 500, requestGapMs: 50 },
  })
  t.teardown(async () => {
    line.close()
    await bus.close()
    clock.close()
  })
  await line.ready(start + 60_000)
  const tell: SetLine['tell'] = async (name, dataIdentifier, payload) => {
    const socket = await network.connect(bus.endpoint)
    socket.on('error', () => {})
    const head = { edition: '2007', address: addressOf(1), direction: 'request', outcome: 'good' } as const
    socket.write(encodeMessage({ ...head, function: name, dataIdentifier, payload }))
    await clock.sleep(secondMs)
    socket.destroy()
  }
  return { clock, bus, line, tell, until: (instant) => clock.sleep(Math.max(0, instant - clock.now())) }
}

export function setMeter(ordinal: number, edition: Edition = '2007'): SetMeter {
  return { meterId: BigInt(ordinal), address: addressOf(ordinal), edition, hasParity: true }
}
