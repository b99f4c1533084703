import { type ErrorWithReasonCode, type IClientOptions, type IPublishPacket, MqttClient } from 'mqtt'
import { UserError } from '../../domain/errors.js'
import { type Clock, holding, type Network } from '../../domain/runtime.js'
import { dayMs, minuteMs, secondMs } from '../../domain/time.js'
import { reconnectDelayMs } from '../sessions/reconnect-delay.js'
import type { BrokerAccess } from './broker-access.js'
import { holdAcknowledgements, type ReleaseAcknowledgement } from './held-acknowledgements.js'
import { createFlow, type Flow, openNetworkStream } from './network-stream.js'
import { securedStream } from './tls-stream.js'

export interface BrokerMessage {
  readonly topic: string
  readonly payload: Buffer
  /** The broker says that it delivered the message before. */
  readonly redelivered: boolean
  /** The message counts as delivered only once this is called. */
  readonly acknowledge: ReleaseAcknowledgement
}

export interface Subscription {
  readonly filter: string
  /** May be divided among the head-ends of the access's group. */
  readonly shareable: boolean
}

/** What a broker and others hear of us: kept by the broker, `gone` said by it when we are lost. */
export interface Presence {
  readonly topic: string
  readonly here: Buffer
  readonly gone: Buffer
}

export interface BrokerOptions {
  readonly clock: Clock
  readonly network: Network
  readonly access: BrokerAccess
  /** Stable over restarts: the broker keeps what arrives meanwhile under this name. */
  readonly clientId: string
  readonly subscriptions: readonly Subscription[]
  /** What another connection of ours hears: a session may be from a time when it was heard under this name. */
  readonly heardElsewhere: readonly Subscription[]
  /** Null for a further connection of a head-end that has said it already. */
  readonly presence: Presence | null
  readonly onMessage: (message: BrokerMessage) => void
  /** The connection is lost; whoever waits for an answer waits in vain. */
  readonly onDown: () => void
}

export interface Broker {
  readonly url: string
  /**
   * Resolves when the broker has taken the message over (QoS 1).
   * @throws BrokerAwayError when there is no connection, when it ends before that, or when it has not answered for too many before.
   */
  readonly publish: (topic: string, payload: Buffer) => Promise<void>
  readonly isConnected: () => boolean
  /** Why it is not, or what the broker refuses us; null while all is well. */
  readonly failure: () => string | null
  /** Reads nothing from the broker until the promise is settled, over a reconnection, too: push-back reaches the broker. */
  readonly pauseUntil: (room: Promise<void>) => void
  readonly close: () => Promise<void>
}

interface BrokerState {
  failure: string | null
  /** The broker has granted everything under the session that it keeps. */
  isSubscribed: boolean
  /** Never rejects. */
  subscribing: Promise<void>
}

/** There is no connection; the message was not taken over, or nobody knows. */
export class BrokerAwayError extends Error {
  override readonly name = 'BrokerAwayError'
}

const defaultPorts = { 'mqtt:': 1883, 'mqtts:': 8883 } as const
const keepaliveSeconds = 60
const longestReconnectMs = minuteMs
/** How long a broker keeps our session while we are away; brokers of 3.1.1 keep it without being told. */
const sessionExpirySeconds = (7 * dayMs) / secondMs
const longestFarewellMs = 3 * secondMs
/** A broker may answer pings and still grant nothing; whoever waits for it would hold up all others. */
const longestGrantMs = 15 * secondMs
const refusedGrant = 128
/** Messages have 65 535 numbers, and the library gives one that is still in use to another. */
const mostUnanswered = 20_000

/**
 * Connects and subscribes with QoS 1 under a persistent session. A lost connection is made again with growing pauses.
 * @returns at once when the first connection fails: `failure` says why, and it is tried again.
 * @throws what the access throws.
 */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const flow = createFlow()
  const client = new MqttClient(() => openNetworkStream(connectionTo(options), flow), clientOptions(options))
  try {
    return await useClient(client, flow, options)
  } catch (failure) {
    await client.endAsync(true)
    throw failure
  }
}

async function useClient(client: MqttClient, flow: Flow, options: BrokerOptions): Promise<Broker> {
  const { access, clock, presence } = options
  const state: BrokerState = { failure: null, isSubscribed: false, subscribing: Promise.resolve() }
  const waiting = new Set<(error: Error) => void>()
  const acknowledgementOf = holdAcknowledgements(client)
  client.on('message', (topic, payload, packet: IPublishPacket) =>
    options.onMessage({ topic, payload, redelivered: packet.dup, acknowledge: acknowledgementOf(packet.messageId) }),
  )
  client.on('error', (error) => {
    state.failure =
      isReset(error) && access.url.startsWith('mqtts:') ? `${wordsFor(error)}; ${resetHint}` : wordsFor(error)
  })
  client.on('close', () => {
    for (const fail of waiting) fail(new BrokerAwayError(`消息代理 MQTT broker ${access.url} is away`))
    options.onDown()
  })
  growReconnectDelay(client)
  async function subscribeNow(sessionPresent: boolean): Promise<void> {
    let isUnanswered = false
    const patience = clock.setTimer(longestGrantMs, () => {
      isUnanswered = true
      client.stream.destroy()
    })
    const failure = await subscribe(client, options, sessionPresent).finally(() => patience.cancel())
    state.failure = isUnanswered ? 'subscription not answered' : failure
    state.isSubscribed = state.failure === null
  }
  client.on('connect', ({ sessionPresent }) => {
    if (presence !== null) client.publish(presence.topic, presence.here, { qos: 1, retain: true })
    // The broker keeps what it granted with our session; what was lost on the way or refused it does not have.
    state.isSubscribed &&= sessionPresent
    if (state.isSubscribed) state.failure = null
    else state.subscribing = holding(clock, () => subscribeNow(sessionPresent))
  })
  await holding(clock, async () => {
    if (await firstConnection(client)) await state.subscribing
  })
  holdTimeWhileOffline(client, clock)
  return {
    url: access.url,
    publish: (topic, payload) => publish(client, waiting, topic, payload),
    isConnected: () => client.connected,
    failure: () => state.failure ?? (client.connected ? null : 'connection lost'),
    pauseUntil: flow.pauseUntil,
    close: () => holding(clock, () => closeClient(client, presence, clock)),
  }
}

function clientOptions({ access, clientId, presence }: BrokerOptions): IClientOptions {
  const password = access.password()
  return {
    clientId,
    clean: false,
    keepalive: keepaliveSeconds,
    reconnectPeriod: reconnectDelayMs(1),
    reconnectOnConnackError: true,
    // The library would repeat only what it takes for granted, and takes for granted what it has sent.
    resubscribe: false,
    // Nobody reads its debug log, and asking for each packet whether somebody does takes a tenth of the time.
    log: () => undefined,
    ...(presence === null ? {} : { will: { topic: presence.topic, payload: presence.gone, qos: 1, retain: true } }),
    ...(access.username === null ? {} : { username: access.username }),
    ...(password === null ? {} : { password }),
    ...(access.protocolVersion === '5'
      ? {
          protocolVersion: 5,
          properties: { receiveMaximum: access.receiveMaximum, sessionExpiryInterval: sessionExpirySeconds },
        }
      : { protocolVersion: 4 }),
  }
}

async function connectionTo({ network, access }: BrokerOptions) {
  const { protocol, hostname, port } = new URL(access.url)
  const isSecured = protocol === 'mqtts:'
  const usualPort = isSecured ? defaultPorts['mqtts:'] : defaultPorts['mqtt:']
  const socket = await network.connect({ host: hostname, port: port === '' ? usualPort : Number(port) })
  return isSecured ? securedStream(socket, hostname, access.certificates()) : socket
}

/** False when the first attempt came to nothing. */
function firstConnection(client: MqttClient): Promise<boolean> {
  return new Promise((resolve) => {
    const onConnect = () => settle(true)
    const onClose = () => settle(false)
    function settle(connected: boolean): void {
      client.off('connect', onConnect)
      client.off('close', onClose)
      resolve(connected)
    }
    client.once('connect', onConnect)
    client.once('close', onClose)
  })
}

/** @returns what the broker refused; null when it granted everything. */
async function subscribe(client: MqttClient, options: BrokerOptions, sessionPresent: boolean): Promise<string | null> {
  const filters = options.subscriptions.map((each) => filterOf(each, options.access))
  const wanted = new Set(filters)
  const left = sessionPresent ? leftFilters(options).filter((filter) => !wanted.has(filter)) : []
  try {
    if (left.length > 0) await client.unsubscribeAsync(left)
    const grants = filters.length > 0 ? await client.subscribeAsync(filters, { qos: 1 }) : []
    const refused = grants.filter(({ qos }) => qos >= refusedGrant).map(({ topic }) => topic)
    return refused.length === 0 ? null : `subscription refused: ${refused.join(' ')}`
  } catch (error) {
    return `subscription refused: ${wordsFor(error)}`
  }
}

function filterOf({ filter, shareable }: Subscription, { shareGroup }: BrokerAccess): string {
  return shareable && shareGroup !== null ? `$share/${shareGroup}/${filter}` : filter
}

/** What a session may hear from before the group was set, or before its connection was divided: it would come twice. */
function leftFilters({ access, subscriptions, heardElsewhere }: BrokerOptions): readonly string[] {
  const ungrouped = [...subscriptions, ...heardElsewhere].map(({ filter }) => filter)
  return [...new Set([...ungrouped, ...heardElsewhere.map((each) => filterOf(each, access))])]
}

function publish(
  client: MqttClient,
  waiting: Set<(error: Error) => void>,
  topic: string,
  payload: Buffer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!client.connected) return reject(new BrokerAwayError('no connection'))
    if (waiting.size >= mostUnanswered) return reject(new BrokerAwayError('the broker answers nothing'))
    const fail = (error: Error): void => {
      waiting.delete(fail)
      reject(error)
    }
    waiting.add(fail)
    client.publish(topic, payload, { qos: 1 }, (error) => {
      if (error !== undefined && error !== null) return fail(error)
      waiting.delete(fail)
      resolve()
    })
  })
}

/** The library knows one pause only, and takes it from its options whenever a connection ends. */
function growReconnectDelay(client: MqttClient): void {
  let failures = 0
  client.on('reconnect', () => {
    failures += 1
    client.options.reconnectPeriod = Math.min(longestReconnectMs, reconnectDelayMs(failures + 1))
  })
  client.on('connect', () => {
    failures = 0
    client.options.reconnectPeriod = reconnectDelayMs(1)
  })
}

/** The client's own reconnect timer is real; virtual time must not run on meanwhile. */
function holdTimeWhileOffline(client: MqttClient, clock: Clock): void {
  let release: () => void = client.connected ? () => undefined : clock.hold()
  client.on('close', () => {
    release()
    release = client.disconnecting ? () => undefined : clock.hold()
  })
  client.on('connect', () => release())
  client.on('end', () => release())
}

/** Whoever leaves says so itself: a will is for those who are lost. A broker that answers nothing does not hold us up. */
async function closeClient(client: MqttClient, presence: Presence | null, clock: Clock): Promise<void> {
  if (!client.connected) return client.endAsync(true)
  if (presence !== null) client.publish(presence.topic, presence.gone, { qos: 1, retain: true })
  const farewell = client.endAsync()
  await new Promise<void>((resolve, reject) => {
    const patience = clock.setTimer(longestFarewellMs, () => {
      client.stream.destroy()
      resolve()
    })
    farewell.finally(() => patience.cancel()).then(resolve, reject)
  })
}

/** One broker that a command cannot do without. */
export function brokerUnreachable(broker: Pick<Broker, 'url' | 'failure'>): UserError {
  return new UserError('broker_unreachable', `消息代理 MQTT broker ${broker.url}: ${broker.failure() ?? 'away'}`)
}

/** Under TLS 1.3 a server that takes no client may say why only after its word has been overtaken by the end of the connection. */
const resetHint = '代理可能不接受本机证书 the broker may refuse the certificate of this machine'

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

/** Never the packet or the options: they hold the password. */
function wordsFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code: unknown = (error as Partial<ErrorWithReasonCode>).code
  return typeof code === 'string' && !error.message.includes(code) ? `${code}: ${error.message}` : error.message
}
