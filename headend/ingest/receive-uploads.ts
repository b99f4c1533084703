import { UserError } from '../../domain/errors.js'
import { groupBy } from '../../domain/group-by.js'
import { err, ok, present, type Result, unreachable } from '../../domain/result.js'
import type { LineId } from '../../domain/reading.js'
import type { Clock, Network } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { EncodedEnvelope } from '../../protocols/concentrator/encode-envelope.js'
import { type EnvelopeProfile, isLossFree } from '../../protocols/concentrator/envelope-profile.js'
import { envelopeProfiles } from '../../protocols/concentrator/envelope-profiles.js'
import type { Database } from '../../storage/database.js'
import { insertQuarantined } from '../../storage/headend/quarantine.js'
import { readConcentratorUpload } from '../concentrators/concentrator-upload.js'
import { type ConcentratorPort, openConcentratorPort, passesFrames } from '../concentrators/concentrator-port.js'
import { hearTableReceipt, hearTableReport } from '../concentrators/hear-tables.js'
import { bringsSingleFrames, createFrameJoiner } from '../concentrators/join-frames.js'
import { createStatusNotes, tellsPresence } from '../concentrators/note-status.js'
import { companyWideLimitMs } from '../database-limits.js'
import { pushTables, type TablePolicy, usualTablePolicy } from '../concentrators/push-tables.js'
import { receiptsFor, type WriteReceipt } from '../concentrators/receipts.js'
import { createWordQueue } from '../concentrators/word-queue.js'
import { createTopicRoutes, type TopicRoutes } from '../concentrators/topic-routes.js'
import { type ConcentratorLine, decodeUplink, downTopicOf, type Uplink } from '../concentrators/uplink.js'
import { usableUplinks } from '../concentrators/usable-uplinks.js'
import type { LineError } from '../line-settings.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { type BrokerAccess, openAccess } from '../transports/broker-access.js'
import { BrokerAwayError, type BrokerMessage, brokerUnreachable } from '../transports/broker.js'
import { openStation, type Station } from '../transports/station.js'
import type { ArrivedUpload } from './collect-uploads.js'
import {
  createUploadTally,
  type ReceivedTally,
  receivedFrom,
  type SentTally,
  type UploadTally,
} from '../metrics/upload-tally.js'
import { createUploadBatcher, type UploadBatcherOptions } from './upload-batcher.js'

export interface ReceiveUploadsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly owner: string
  readonly lines: readonly ConcentratorLine[]
  /** Milliseconds after local midnight at which the window of uploads begins. */
  readonly windowOpensMs: number
  /** How this machine gets into brokers; one that is not named is open to everybody. */
  readonly brokers?: readonly BrokerAccess[]
  readonly profiles?: ReadonlyMap<string, EnvelopeProfile>
  readonly tables?: TablePolicy
  /** Where what is heard and sent is counted. */
  readonly tally?: UploadTally
  readonly onCommitted?: UploadBatcherOptions['onCommitted']
  readonly onCommitFailed?: () => void
}

export interface UploadReceiver {
  /** Resolves when every upload that has arrived is committed and acknowledged. */
  readonly drained: () => Promise<void>
  readonly pending: () => number
  readonly pendingBytes: () => number
  /** Brokers are told to wait. */
  readonly isFull: () => boolean
  readonly lastError: () => string | null
  readonly brokers: () => readonly BrokerStatus[]
  /** A line to the meters behind a concentrator; null where it lets no frames through. */
  readonly openLine: (lineId: LineId) => Dlt645Line | null
  /** The same, for concentrators only that may lose what they have read: nobody confirms their uploads. */
  readonly gapLine: (lineId: LineId) => Dlt645Line | null
  /**
   * Opens brokers that could not be opened before, notes silence, opens the meter tables that exchanges ask for, and sends those that
   * are approved. Repeating it is harmless. @returns why pushes were refused.
   */
  readonly tendConcentrators: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

export interface BrokerStatus {
  readonly url: string
  readonly connected: boolean
  readonly failure: string | null
}

/**
 * Takes uploads from the brokers of all concentrator lines. Only when an upload is stored the broker gets its acknowledgement and the
 * concentrator its receipt: whoever dies before leaves the message with the broker, and whoever dies in between with the concentrator.
 * Lines that cannot be used are left out (`usableUplinks`). @throws UserError broker_unreachable when no broker at all can be reached,
 * and what hinders us where none can even be opened; nothing stays open then.
 */
export async function receiveUploads(options: ReceiveUploadsOptions): Promise<UploadReceiver> {
  const { database, clock, owner, windowOpensMs } = options
  const { profiles = envelopeProfiles, tables: policy = usualTablePolicy } = options
  const { tally = createUploadTally(), onCommitted, onCommitFailed } = options
  const batcher = createUploadBatcher({
    database,
    clock,
    ...(onCommitted === undefined ? {} : { onCommitted }),
    ...(onCommitFailed === undefined ? {} : { onFailed: onCommitFailed }),
  })
  const words = createWordQueue(clock)
  const status = createStatusNotes(database, clock)
  const joiner = createFrameJoiner(clock)
  // Whoever passes them on has said which lines are left out; here nothing but that is done about them.
  const { uplinks } = usableUplinks(options.lines, profiles)
  const joined = new Set(uplinks.filter(({ profile }) => bringsSingleFrames(profile)))
  const receiptWriters = new Map(uplinks.map((uplink): [Uplink, WriteReceipt] => [uplink, receiptsFor(uplink)]))
  const ports = new Map<LineId, ConcentratorPort>()
  const stationOf = new Map<LineId, Station>()
  /** What a broker kept for us arrives before its connections are ours to use. */
  const opening = new Map<LineId, Promise<Station>>()
  const stations: Station[] = []
  /** Brokers that could not be opened, and why; those that are only away come back by themselves. */
  const unopened = new Map<string, unknown>()
  let isClosed = false

  async function openFor(url: string, its: readonly Uplink[]): Promise<void> {
    const routes = usable(createTopicRoutes(its))
    const received = receivedFrom(tally, url)
    const opened = openStation({
      clock,
      network: options.network,
      access: options.brokers?.find((access) => access.url === url) ?? openAccess(url),
      clientId: `shuangwu-headend-${owner}`,
      uploads: routes.subscriptions.filter(({ channel }) => channel === 'up'),
      words: routes.subscriptions.filter(({ channel }) => channel !== 'up'),
      presence: presenceOf(owner),
      onMessage: (message) => hear(routes, message, received),
      onDown: () => linesDown(its),
      onUploadsDown: () => linesDown(its.filter(answersHere)),
    })
    for (const { line } of its) opening.set(line.lineId, opened)
    const station = await opened
    if (isClosed) return station.close()
    stations.push(station)
    for (const { line } of its) stationOf.set(line.lineId, station)
  }

  function linesDown(its: readonly Uplink[]): void {
    for (const { line } of its) ports.get(line.lineId)?.lineDown()
  }

  /** One broker that cannot be opened stops no other. */
  async function tryToOpen(url: string, its: readonly Uplink[]): Promise<void> {
    try {
      await openFor(url, its)
      unopened.delete(url)
    } catch (failure) {
      unopened.set(url, failure)
      for (const { line } of its) opening.delete(line.lineId)
    }
  }

  function hear(routes: TopicRoutes, message: BrokerMessage, received: ReceivedTally): void {
    const route = routes.routeOf(message.topic)
    const uplink = route?.uplink ?? null
    received[uplink === null ? 'unknown' : (route?.channel ?? 'unknown')] += 1
    // A session may still subscribe to the topic of a line that is gone, and a wildcard hears devices that nobody entered.
    if (route === null || uplink === null) return pushUpload(null, message, refusedUnread)
    switch (route.channel) {
      case 'response':
        answer(uplink, message)
        return message.acknowledge()
      case 'up':
        if (answersHere(uplink) && answer(uplink, message)) return message.acknowledge()
        return takeUpload(uplink, message)
      case 'status':
        if (!tellsPresence(uplink)) return message.acknowledge()
        return takeWord(uplink, message, () => takeStatus(uplink, message))
      case 'tableReceipt':
        return takeWord(uplink, message, (at) => hearTableReceipt(database, uplink, message.payload, at))
      case 'tableReport':
        return takeWord(uplink, message, (at) => hearTableReport(database, uplink, message.payload, at))
      default:
        return unreachable(route.channel)
    }
  }

  function takeUpload(uplink: Uplink, message: BrokerMessage): void {
    const { topic, payload, acknowledge } = message
    const read = () => readConcentratorUpload(uplink, topic, payload)
    if (!joined.has(uplink)) return pushUpload(uplink, message, read)
    const upload = read()
    if (!upload.ok) return pushUpload(uplink, message, () => upload)
    joiner.push(uplink.line.code, {
      upload: upload.value,
      acknowledge,
      pass: (held) => pushUpload(uplink, { ...message, acknowledge: held.acknowledge }, () => ok(held.upload)),
    })
  }

  function pushUpload(
    uplink: Uplink | null,
    { payload, redelivered, acknowledge }: BrokerMessage,
    read: ArrivedUpload['read'],
  ): void {
    const receivedAt = clock.now()
    // An upload has one receipt: counted when it is stored, sent afterwards.
    const write = uplink === null ? undefined : receiptWriters.get(uplink)
    let receipt: EncodedEnvelope | null = null
    const receiptOf = (batch: string | null) => (receipt ??= batch === null ? null : (write?.(batch) ?? null))
    batcher.push({
      line: uplink === null ? null : { ...uplink.line, windowOpensMs },
      payload,
      read,
      receiptBytes: (batch) => receiptOf(batch)?.payload.length ?? 0,
      receivedAt,
      redelivered,
      confirm(batch) {
        acknowledge()
        if (uplink === null) return settled
        const told = receiptOf(batch)
        const sent = told === null ? settled : sendDown(uplink, told, tally.receipts)
        const { lineId } = uplink.line
        return status.isOnline(lineId) ? sent : Promise.all([sent, status.traffic(lineId, receivedAt)])
      },
    })
    if (!batcher.isFull()) return
    tally.pushBacks += 1
    const room = batcher.whenRoom()
    for (const station of stations) station.pauseUploadsUntil(room)
  }

  /** What a concentrator says of itself, or what is wrong with it. */
  function takeWord(
    { line }: Uplink,
    { payload, acknowledge }: BrokerMessage,
    hearWord: (receivedAt: Instant) => Promise<Result<unknown, { readonly kind: string }>>,
  ): void {
    const receivedAt = clock.now()
    const take = async (): Promise<void> => {
      const heard = await hearWord(receivedAt)
      if (heard.ok) return
      const { lineId } = line
      await insertQuarantined(database, [{ lineId, reason: heard.error.kind, payload, receivedAt }])
    }
    words.push({ take, acknowledge })
  }

  /** True when it was what somebody waits for. */
  function answer(uplink: Uplink, { topic, payload }: BrokerMessage): boolean {
    const port = ports.get(uplink.line.lineId)
    const decoded = decodeUplink(uplink, answersHere(uplink) ? 'up' : 'response', topic, payload)
    return port?.hear(decoded.ok ? decoded.value : null) === true
  }

  async function takeStatus(uplink: Uplink, { topic, payload }: BrokerMessage) {
    const said = decodeUplink(uplink, 'status', topic, payload)
    if (said.ok && said.value.online !== null) await status.told(uplink.line.lineId, said.value.online, said.value.time)
    return said.ok ? ok(null) : said
  }

  /** False when the broker is away: whoever needs an answer asks again. */
  function sendDown({ line: { lineId } }: Uplink, message: EncodedEnvelope, counted: SentTally): Promise<boolean> {
    const station = stationOf.get(lineId)
    if (station !== undefined) return publishOn(station, message, counted)
    const opened = opening.get(lineId)
    return opened === undefined ? Promise.resolve(false) : opened.then((its) => publishOn(its, message, counted))
  }

  async function close(): Promise<void> {
    isClosed = true
    joiner.close()
    await batcher.close()
    await words.close()
    await Promise.all(stations.map((station) => station.close()))
  }

  for (const uplink of uplinks.filter(passesFrames)) {
    const station = () => stationOf.get(uplink.line.lineId)
    const port = openConcentratorPort({
      uplink,
      clock,
      isConnected: () => station()?.isConnected() === true,
      publish: async ({ topic, payload }) => station()?.publish(topic, payload),
    })
    ports.set(uplink.line.lineId, port)
  }
  const byBroker = [...groupBy(uplinks, ({ line }) => line.settings.brokerUrl)]
  await Promise.all(byBroker.map(([url, its]) => tryToOpen(url, its)))
  if (byBroker.length > 0 && stations.every((station) => !station.isConnected())) {
    await close()
    const [first] = stations
    throw first === undefined ? [...unopened.values()][0] : brokerUnreachable(first)
  }

  const openLine = (lineId: LineId) => ports.get(lineId)?.openLine() ?? null
  return {
    async drained() {
      await batcher.drained()
      await words.drained()
    },
    pending: () => batcher.pending() + words.pending(),
    pendingBytes: batcher.pendingBytes,
    isFull: batcher.isFull,
    lastError: () => batcher.lastError() ?? words.lastError(),
    brokers: () =>
      [
        ...stations.map((station) => ({
          url: station.url,
          connected: station.isConnected(),
          failure: station.failure(),
        })),
        ...[...unopened].map(([url, failure]) => ({ url, connected: false, failure: wordsFor(failure) })),
      ].toSorted((left, right) => (left.url < right.url ? -1 : 1)),
    openLine,
    gapLine(lineId) {
      const profile = uplinks.find(({ line }) => line.lineId === lineId)?.profile
      return profile === undefined || isLossFree(profile) ? null : openLine(lineId)
    },
    async tendConcentrators() {
      await Promise.all(byBroker.flatMap(([url, its]) => (unopened.has(url) ? [tryToOpen(url, its)] : [])))
      await status.silence(uplinks)
      const send = (uplink: Uplink, payload: Buffer) =>
        sendDown(uplink, { topic: present(downTopicOf(uplink, 'table'), 'a topic of tables'), payload }, tally.tables)
      const patient = database.withStatementLimit(companyWideLimitMs)
      return pushTables({ database: patient, clock, policy, send }, uplinks)
    },
    close,
  }
}

function wordsFor(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure)
}

const settled: Promise<unknown> = Promise.resolve()

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

/** Of nobody's upload: its bytes say nothing without an envelope. */
function refusedUnread(): Result<never, { readonly kind: 'unknown_topic' }> {
  return err({ kind: 'unknown_topic' })
}

/** Units without a topic for answers give them among their uploads. */
function answersHere({ profile: { channels } }: Uplink): boolean {
  return channels.down !== undefined && channels.response === undefined
}

function presenceOf(owner: string) {
  const word = (online: boolean) => Buffer.from(JSON.stringify({ headend: owner, online }))
  return { topic: `shuangwu/headend/${owner}/status`, here: word(true), gone: word(false) }
}

function usable<T>(parsed: Result<T, LineError>): T {
  if (!parsed.ok) throw new UserError('bad_config', `line ${parsed.error.message}`)
  return parsed.value
}
