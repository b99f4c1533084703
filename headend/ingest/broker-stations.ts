import { UserError } from '../../domain/errors.js'
import { groupBy } from '../../domain/group-by.js'
import type { LineId } from '../../domain/reading.js'
import type { Result } from '../../domain/result.js'
import type { Clock, Network } from '../../domain/runtime.js'
import type { EncodedEnvelope } from '../../protocols/concentrator/encode-envelope.js'
import { createTopicRoutes, type TopicRoutes } from '../concentrators/topic-routes.js'
import { answersHere, type Uplink } from '../concentrators/uplink.js'
import type { LineError } from '../line-settings.js'
import type { SentTally } from '../metrics/upload-tally.js'
import { BrokerAwayError, type BrokerMessage, brokerUnreachable } from '../transports/broker.js'
import { type BrokerAccess, openAccess } from '../transports/broker-access.js'
import { openStation, type Station } from '../transports/station.js'

export interface BrokerStatus {
  readonly url: string
  readonly connected: boolean
  readonly failure: string | null
}

export interface StationsOptions {
  readonly clock: Clock
  readonly network: Network
  readonly owner: string
  readonly brokers: readonly BrokerAccess[]
  readonly uplinks: readonly Uplink[]
  readonly listenerFor: (url: string, routes: TopicRoutes) => (message: BrokerMessage) => void
  /** Nothing comes or goes on these lines. */
  readonly onDown: (uplinks: readonly Uplink[]) => void
}

/** Our connections to the brokers of all concentrator lines, each broker for itself: one that cannot be opened stops no other. */
export interface Stations {
  /** Opens those that are not open. Repeating it is harmless. */
  readonly open: () => Promise<void>
  /** @throws UserError broker_unreachable when no broker can be reached, and what hinders us where none can even be opened. */
  readonly requireOne: () => void
  readonly of: (lineId: LineId) => Station | undefined
  /** False when the broker is away: whoever needs an answer asks again. */
  readonly sendDown: (uplink: Uplink, message: EncodedEnvelope, counted: SentTally) => Promise<boolean>
  readonly pauseUploadsUntil: (room: Promise<void>) => void
  readonly status: () => readonly BrokerStatus[]
  readonly close: () => Promise<void>
}

export function createStations(options: StationsOptions): Stations {
  const { clock, network, owner, onDown } = options
  const byBroker = [...groupBy(options.uplinks, ({ line }) => line.settings.brokerUrl)]
  const stationOf = new Map<LineId, Station>()
  /** What a broker kept for us arrives before its connections are ours to use. */
  const opening = new Map<LineId, Promise<Station>>()
  const stations: Station[] = []
  const opened = new Set<string>()
  /** Brokers that could not be opened, and why; those that are only away come back by themselves. */
  const unopened = new Map<string, unknown>()
  let isClosed = false

  async function openFor(url: string, its: readonly Uplink[]): Promise<void> {
    const routes = usable(createTopicRoutes(its))
    const station = openStation({
      clock,
      network,
      access: options.brokers.find((access) => access.url === url) ?? openAccess(url),
      clientId: `shuangwu-headend-${owner}`,
      uploads: routes.subscriptions.filter(({ channel }) => channel === 'up'),
      words: routes.subscriptions.filter(({ channel }) => channel !== 'up'),
      presence: presenceOf(owner),
      onMessage: options.listenerFor(url, routes),
      onDown: () => onDown(its),
      onUploadsDown: () => onDown(its.filter(answersHere)),
    })
    for (const { line } of its) opening.set(line.lineId, station)
    const itself = await station
    if (isClosed) return itself.close()
    stations.push(itself)
    for (const { line } of its) stationOf.set(line.lineId, itself)
  }

  async function tryToOpen(url: string, its: readonly Uplink[]): Promise<void> {
    try {
      opened.add(url)
      await openFor(url, its)
      unopened.delete(url)
    } catch (failure) {
      opened.delete(url)
      unopened.set(url, failure)
      for (const { line } of its) opening.delete(line.lineId)
    }
  }

  return {
    async open() {
      await Promise.all(byBroker.flatMap(([url, its]) => (opened.has(url) ? [] : [tryToOpen(url, its)])))
    },
    requireOne() {
      if (byBroker.length === 0 || stations.some((station) => station.isConnected())) return
      const [first] = stations
      throw first === undefined ? [...unopened.values()][0] : brokerUnreachable(first)
    },
    of: (lineId) => stationOf.get(lineId),
    sendDown({ line: { lineId } }, message, counted) {
      const station = stationOf.get(lineId)
      if (station !== undefined) return publishOn(station, message, counted)
      const awaited = opening.get(lineId)
      return awaited === undefined ? Promise.resolve(false) : awaited.then((its) => publishOn(its, message, counted))
    },
    pauseUploadsUntil(room) {
      for (const station of stations) station.pauseUploadsUntil(room)
    },
    status: () =>
      [
        ...stations.map((station) => ({
          url: station.url,
          connected: station.isConnected(),
          failure: station.failure(),
        })),
        ...[...unopened].map(([url, failure]) => ({ url, connected: false, failure: wordsFor(failure) })),
      ].toSorted((left, right) => (left.url < right.url ? -1 : 1)),
    async close() {
      isClosed = true
      await Promise.all(stations.map((station) => station.close()))
    },
  }
}

function publishOn(station: Station, { topic, payload }: EncodedEnvelope, counted: SentTally): Promise<boolean> {
  return station.publish(topic, payload).then(
    () => {
      counted.sent += 1
      return true
    },
    (error: unknown) => {
      counted.failed += 1
      if (error instanceof BrokerAwayError) return false
      throw error
    },
  )
}

function wordsFor(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure)
}

function presenceOf(owner: string) {
  const word = (online: boolean) => Buffer.from(JSON.stringify({ headend: owner, online }))
  return { topic: `shuangwu/headend/${owner}/status`, here: word(true), gone: word(false) }
}

function usable<T>(parsed: Result<T, LineError>): T {
  if (!parsed.ok) throw new UserError('bad_config', `线路配置有误 line ${parsed.error.message}`)
  return parsed.value
}
