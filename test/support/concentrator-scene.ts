import { Aedes } from 'aedes'
import { MqttClient } from 'mqtt'
import { holding } from '../../domain/runtime.js'
import { minuteMs } from '../../domain/time.js'
import { type HeadEnd, type HeadEndOptions, startHeadEnd } from '../../headend/head-end.js'
import { type EnvelopeProfile } from '../../protocols/concentrator/envelope-profile.js'
import { type Concentrator, type ConcentratorSettings, startConcentrator } from '../../simulators/concentrator.js'
import { type Database, openDatabase } from '../../storage/database.js'
import { withDatabase } from './database.js'
import { createWorld, local, plantRegistry, simulatedMeter, type World } from './field-world.js'

export interface SceneLine {
  readonly code: string
  readonly meters: readonly number[]
  readonly settings?: object
}

export interface ConcentratorScene {
  readonly world: World
  readonly aedes: Aedes
  readonly headEnd: HeadEnd
  readonly owner: Database
  readonly reader: Database
  readonly brokerUrl: string
  /** A simulated concentrator of a line, with the line's meters unless told otherwise. */
  readonly concentrator: (
    line: SceneLine,
    profile: EnvelopeProfile,
    more?: Partial<ConcentratorSettings>,
  ) => Promise<Concentrator>
  /** A client of another's make. */
  readonly device: (clientId?: string) => Promise<MqttClient>
}

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

/** Concentrator lines, their embedded broker and a head-end in virtual time. Time stands still until `go`. */
export async function setConcentratorScene(
  t: Teardown,
  lines: readonly SceneLine[],
  options: Partial<HeadEndOptions> = {},
): Promise<ConcentratorScene & { readonly go: () => void }> {
  const world = createWorld()
  const { clock, network } = world
  const go = clock.hold()
  const aedes = await Aedes.createBroker()
  const listener = await network.listen(local, (socket) => aedes.handle(socket))
  const broker = { host: '127.0.0.1', port: listener.endpoint.port }
  const brokerUrl = `mqtt://${broker.host}:${broker.port}`
  const databases = await withDatabase(t)
  await plantRegistry(
    databases.as('owner'),
    lines.map(({ code, meters, settings }, index) => ({
      lineId: index + 1,
      code,
      kind: 'mqtt_concentrator',
      settings: { brokerUrl, ...settings },
      meters,
    })),
  )
  const headEndDatabase = openDatabase({ url: databases.url('headend'), clock })
  const headEnd = await startHeadEnd({ database: headEndDatabase, clock, network, node: 'node-1', ...options })
  t.teardown(async () => {
    await headEnd.close()
    await new Promise<void>((closed) => aedes.close(closed))
    await listener.close()
    clock.close()
    await headEndDatabase.close()
  })
  return {
    world,
    aedes,
    headEnd,
    owner: databases.as('owner'),
    reader: databases.as('reader'),
    brokerUrl,
    go,
    async concentrator({ code, meters }, profile, more = {}) {
      const started = await startConcentrator(
        {
          code,
          broker,
          profile,
          meters: meters.map((ordinal) => ({ meter: simulatedMeter(ordinal), from: 0, to: null })),
          collectAtMinute: 10,
          metersPerBatch: 2,
          receiptTimeoutMs: 5 * minuteMs,
          duplicatedPermille: 0,
          ...more,
        },
        world,
      )
      t.teardown(() => started.close())
      return started
    },
    async device(clientId = 'device') {
      const socket = await network.connect(broker)
      const client = new MqttClient(() => socket, { clientId, reconnectPeriod: 0 })
      await holding(clock, () => new Promise<void>((connected) => client.once('connect', () => connected())))
      t.teardown(() => client.endAsync(true))
      return client
    },
  }
}
