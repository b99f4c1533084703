import { MqttClient } from 'mqtt'
import { UserError } from '../../domain/errors.js'
import { type Clock, holding, type Network } from '../../domain/runtime.js'
import { holdAcknowledgements, type ReleaseAcknowledgement } from './held-acknowledgements.js'
import { createFlow, openNetworkStream } from './network-stream.js'

export interface BrokerOptions {
  readonly clock: Clock
  readonly network: Network
  /** `mqtt://host:port`. */
  readonly url: string
  /** Stable over restarts: the broker keeps what arrives meanwhile under this name. */
  readonly clientId: string
  readonly subscriptions: readonly string[]
  readonly onMessage: (message: BrokerMessage) => void
}

export interface BrokerMessage {
  readonly topic: string
  readonly payload: Buffer
  /** The broker says that it delivered the message before. */
  readonly redelivered: boolean
  /** The message counts as delivered only once this is called. */
  readonly acknowledge: ReleaseAcknowledgement
}

export interface Broker {
  /** Resolves when the broker has taken the message over (QoS 1). */
  readonly publish: (topic: string, payload: Buffer) => Promise<void>
  /** Reads nothing from the broker until the promise is settled, over a reconnection, too: push-back reaches the broker. */
  readonly pauseUntil: (room: Promise<void>) => void
  readonly isConnected: () => boolean
  readonly close: () => Promise<void>
}

const defaultPort = 1883
const keepaliveSeconds = 60

/** Connects and subscribes with QoS 1 under a persistent session. @throws UserError broker_unreachable at the first try only. */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const { clock, network, url, clientId } = options
  const { hostname, port } = new URL(url)
  const endpoint = { host: hostname, port: port === '' ? defaultPort : Number(port) }
  const flow = createFlow()
  const client = new MqttClient(() => openNetworkStream(network, endpoint, flow), {
    clientId,
    clean: false,
    keepalive: keepaliveSeconds,
  })
  const acknowledgementOf = holdAcknowledgements(client)
  client.on('message', (topic, payload, packet) =>
    options.onMessage({ topic, payload, redelivered: packet.dup, acknowledge: acknowledgementOf(packet.messageId) }),
  )
  await holding(clock, async () => {
    await firstConnection(client, url)
    await client.subscribeAsync([...options.subscriptions], { qos: 1 })
  })
  holdTimeWhileOffline(client, clock)
  return {
    async publish(topic, payload) {
      await client.publishAsync(topic, payload, { qos: 1 })
    },
    pauseUntil: flow.pauseUntil,
    isConnected: () => client.connected,
    close: () => holding(clock, () => client.endAsync()),
  }
}

function firstConnection(client: MqttClient, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (cause: Error): void => {
      client.end(true)
      reject(new UserError('broker_unreachable', `MQTT broker ${url}: ${cause.message}`, { cause }))
    }
    client.once('error', onError)
    client.once('connect', () => {
      client.off('error', onError)
      // The client goes on trying by itself; what could not be delivered is delivered later.
      client.on('error', () => undefined)
      resolve()
    })
  })
}

/** The client's own reconnect timer is real; virtual time must not run on meanwhile. */
function holdTimeWhileOffline(client: MqttClient, clock: Clock): void {
  let release: () => void = () => undefined
  client.on('close', () => {
    release()
    release = client.disconnecting ? () => undefined : clock.hold()
  })
  client.on('connect', () => release())
  client.on('end', () => release())
}
