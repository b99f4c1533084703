import { MqttClient } from 'mqtt'
import type { Clock, Endpoint, Network } from '../domain/runtime.js'
import { secondMs } from '../domain/time.js'

export interface MqttSessionSettings {
  readonly broker: Endpoint
  readonly clientId: string
  /** The one topic that the device listens to. */
  readonly subscription: string
  readonly onMessage: (payload: Buffer) => void
}

export interface MqttSession {
  /** Sends with QoS 1, or not at all while there is no connection; whoever needs an answer asks again later. */
  readonly publish: (topic: string, payload: Buffer) => void
  readonly close: () => Promise<void>
}

const reconnectAfterMs = 30 * secondMs

/**
 * A device's persistent MQTT 3.1.1 session. Connections are made and renewed on the injected clock; the library's own timers are
 * real, so they are set far beyond anything that a run waits for.
 */
export async function openMqttSession(
  settings: MqttSessionSettings,
  { clock, network }: { readonly clock: Clock; readonly network: Network },
): Promise<MqttSession> {
  let client: MqttClient | null = null
  let closed = false
  /** What still waits for the broker on the open connection. */
  const unanswered = new Set<() => void>()

  async function connect(): Promise<void> {
    if (closed) return
    const connected = await createClient().catch(() => null)
    if (connected === null) return connectLater()
    client = connected
    client.on('error', ignore)
    client.on('message', (_topic, payload) => settings.onMessage(payload))
    client.once('close', () => {
      client = null
      for (const finish of unanswered) finish()
      connectLater()
    })
    await held((done) => connected.once('connect', done))
    await held((done) => connected.subscribe(settings.subscription, { qos: 1 }, done))
  }

  function connectLater(): void {
    if (!closed) clock.setTimer(reconnectAfterMs, () => void connect())
  }

  async function createClient(): Promise<MqttClient> {
    const socket = await network.connect(settings.broker)
    return new MqttClient(() => socket, {
      clientId: settings.clientId,
      clean: false,
      protocolVersion: 4,
      keepalive: 60,
      connectTimeout: 30 * secondMs,
      reconnectPeriod: 0,
      timerVariant: 'native',
    })
  }

  /** Time stands still until the broker has answered or the connection is over. */
  function held(act: (done: () => void) => void): Promise<void> {
    const release = clock.hold()
    return new Promise((resolve) => {
      const finish = () => {
        unanswered.delete(finish)
        release()
        resolve()
      }
      unanswered.add(finish)
      act(finish)
    })
  }

  await connect()
  return {
    publish(topic, payload) {
      const current = client
      if (current?.connected) void held((done) => current.publish(topic, payload, { qos: 1 }, done))
    },
    async close() {
      closed = true
      await client?.endAsync(true)
    },
  }
}

/** The library reports a lost connection twice; `close` is the one that is handled. */
function ignore(): void {}
