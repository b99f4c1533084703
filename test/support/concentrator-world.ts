import { Aedes } from 'aedes'
import { MqttClient } from 'mqtt'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { present } from '../../domain/result.js'
import { type Clock, type Endpoint, holding, type Network } from '../../domain/runtime.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { beijing, dayMs, hourMs, minuteMs } from '../../domain/time.js'
import { decodeEnvelope } from '../../protocols/concentrator/envelope.js'
import { type EncodedEnvelope, encodeEnvelope } from '../../protocols/concentrator/encode-envelope.js'
import { emptyContent, type EnvelopeContent } from '../../protocols/concentrator/envelope-content.js'
import { channelNames, type ChannelName, type EnvelopeProfile } from '../../protocols/concentrator/envelope-profile.js'
import { subscriptionOf } from '../../protocols/concentrator/topic-template.js'
import { type ConcentratorSettings, startConcentrator } from '../../simulators/concentrator.js'
import type { LineMeter } from '../../simulators/line-meters.js'
import { usualFreezeDepth } from '../../simulators/meter/description.js'
import { createDlt645Meter } from '../../simulators/meter/dlt645-meter.js'
import { createVirtualClock } from '../../simulators/virtual-clock.js'
import { createVirtualNetwork } from '../../simulators/virtual-network.js'

export const concentratorCode = 'C001'
export const worldStart = beijing.startOfDay('2026-03-05') - hourMs

export function addressOf(number: number): string {
  return String(number).padStart(12, '0')
}

/** Meters 1 to `count`; each has counted its number in kWh. */
export function lineOf(count: number, from = worldStart - dayMs): readonly LineMeter[] {
  return Array.from({ length: count }, (_, index) => ({
    meter: createDlt645Meter({
      address: addressOf(index + 1),
      source: { registersAt: () => ({ totalE4: BigInt(index + 1) * 10_000n, touE4: [null, null, null, null] }) },
      energisedFrom: from - 10 * dayMs,
      missedFreezes: new Set(),
      freezeDepth: usualFreezeDepth,
    }),
    from,
    to: null,
  }))
}

export const usualHabits = {
  code: concentratorCode,
  collectAtMinute: 30,
  metersPerBatch: 2,
  receiptTimeoutMs: 5 * minuteMs,
  duplicatedPermille: 0,
}

/** A message that the application heard. */
export interface Heard {
  readonly at: number
  readonly topic: string
  readonly payload: Buffer
}

/** The application's side of a broker: hears everything that concentrators say, and answers uploads while it is told to. */
export interface Application {
  readonly heard: readonly Heard[]
  readonly contents: (channel: ChannelName) => readonly EnvelopeContent[]
  /** Whether uploads get their receipts, where the profile has them. */
  confirms: boolean
  readonly publish: (topic: string, payload: Buffer) => Promise<void>
  readonly send: (channel: ChannelName, content: Partial<EnvelopeContent>) => Promise<void>
  readonly close: () => Promise<void>
}

const fromConcentrators: ReadonlySet<ChannelName> = new Set(['up', 'response', 'status', 'tableReceipt'])

/** Connects over the `mqtt` package to whichever broker is there. */
export async function openApplication(
  profile: EnvelopeProfile,
  endpoint: Endpoint,
  { clock, network }: { readonly clock: Clock; readonly network: Network },
): Promise<Application> {
  const socket = await network.connect(endpoint)
  const client = new MqttClient(() => socket, { clientId: 'application', protocolVersion: 4, reconnectPeriod: 0 })
  const heard: Heard[] = []
  const publish = async (topic: string, payload: Buffer) => {
    await holding(clock, () => client.publishAsync(topic, payload, { qos: 1 }))
  }
  const encoded = (channel: ChannelName, content: Partial<EnvelopeContent>): EncodedEnvelope =>
    present(
      encodeEnvelope(profile, channel, { ...emptyContent, concentrator: concentratorCode, ...content }),
      `a message on ${channel}`,
    )
  const application: Application = {
    heard,
    confirms: true,
    contents: (channel) =>
      heard.flatMap(({ topic, payload }) => {
        const decoded = decodeEnvelope(profile, topic, payload)
        return decoded.ok && decoded.value.channel === channel ? [decoded.value] : []
      }),
    publish,
    async send(channel, content) {
      const message = encoded(channel, content)
      await publish(message.topic, message.payload)
    },
    close: () => client.endAsync(true),
  }
  client.on('error', () => undefined)
  client.on('message', (topic, payload) => {
    heard.push({ at: clock.now(), topic, payload })
    const decoded = decodeEnvelope(profile, topic, payload)
    if (!application.confirms || profile.channels.receipt === undefined) return
    if (!decoded.ok || decoded.value.channel !== 'up' || decoded.value.messageId === null) return
    const receipt = encoded('receipt', { messageId: decoded.value.messageId })
    void publish(receipt.topic, receipt.payload)
  })
  const topics = channelNames
    .filter((name) => fromConcentrators.has(name))
    .flatMap((name) => profile.channels[name]?.topic ?? [])
  await holding(clock, () =>
    client.subscribeAsync(
      topics.map((topic) => subscriptionOf(topic, concentratorCode)),
      { qos: 1 },
    ),
  )
  return application
}

/** A concentrator, the application and the embedded broker on a virtual network. */
export async function createConcentratorWorld(
  profile: EnvelopeProfile,
  settings: Partial<ConcentratorSettings> & Pick<ConcentratorSettings, 'meters'>,
) {
  const clock = createVirtualClock(worldStart)
  const network = createVirtualNetwork(clock, createRealNetwork())
  const runtime = { clock, network, random: createSeededRandom(1) }
  const aedes = await Aedes.createBroker()
  let listener = await network.listen({ host: '127.0.0.1', port: 0 }, aedes.handle)
  const { endpoint } = listener
  let application = await openApplication(profile, endpoint, runtime)
  const concentrator = await startConcentrator({ ...usualHabits, broker: endpoint, profile, ...settings }, runtime)
  return {
    clock,
    concentrator,
    application: () => application,
    stopBroker: () => listener.close(),
    async startBroker() {
      listener = await network.listen(endpoint, aedes.handle)
      application = await openApplication(profile, endpoint, runtime)
    },
    async close() {
      await concentrator.close()
      await application.close()
      await listener.close()
      await new Promise<void>((resolve) => aedes.close(resolve))
      clock.close()
    },
  }
}
