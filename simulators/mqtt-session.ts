import { MqttClient } from 'mqtt'
import type { Clock, Endpoint, Network } from '../domain/runtime.js'
import { secondMs } from '../domain/time.js'

export interface MqttSessionSettings {
  readonly broker: Endpoint
  readonly clientId: string
  /** Topics that the device listens to, with wildcards where it has several of a kind. */
  readonly subscriptions: readonly string[]
  readonly onMessage: (topic: string, payload: Buffer) => void
  /** Kept by the broker: what the device says of itself when it is there, and what the broker says when it has gone. */
  readonly presence?: { readonly topic: string; readonly here: Buffer; readonly gone: Buffer }
}

export interface MqttSession {
  /**
   * Sends with QoS 1, or not at all while there is no connection; whoever needs an answer asks again later. `taken` is called when the
   * broker has acknowledged.
   */
  readonly publish: (topic: string, payload: Buffer, taken?: () => void) => void
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
  const { presence } = settings
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
    client.on('message', settings.onMessage)
    client.once('close', () => {
      client = null
      for (const finish of unanswered) finish()
      connectLater()
    })
    await held((done) => connected.once('connect', done))
    if (settings.subscriptions.length > 0)
      await held((done) => connected.subscribe([...settings.subscriptions], { qos: 1 }, done))
    if (presence === undefined) return
    await held((done) => connected.publish(presence.topic, presence.here, { qos: 1, retain: true }, done))
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
      ...(presence === undefined
        ? {}
        : { will: { topic: presence.topic, payload: presence.gone, qos: 1 as const, retain: true } }),
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
    publish(topic, payload, taken) {
      const current = client
      if (!current?.connected) return
      void held((done) =>
        current.publish(topic, payload, { qos: 1 }, (error) => {
          done()
          if (error === undefined || error === null) taken?.()
        }),
      )
    },
    async close() {
      closed = true
      await client?.endAsync(true)
    },
  }
}

/** The library reports a lost connection twice; `close` is the one that is handled. */
function ignore(): void {}
