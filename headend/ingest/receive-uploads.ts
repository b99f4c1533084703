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
import type { TopicRoutes } from '../concentrators/topic-routes.js'
import { answersHere, type ConcentratorLine, decodeUplink, downTopicOf, type Uplink } from '../concentrators/uplink.js'
import { usableUplinks } from '../concentrators/usable-uplinks.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import type { BrokerMessage } from '../transports/broker.js'
import type { BrokerAccess } from '../transports/broker-access.js'
import { type BrokerStatus, createStations } from './broker-stations.js'
import type { ArrivedUpload } from './collect-uploads.js'
import { createUploadTally, type ReceivedTally, receivedFrom, type UploadTally } from '../metrics/upload-tally.js'
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

/**
 * Takes uploads from the brokers of all concentrator lines. Only when an upload is stored the broker gets its acknowledgement and the
 * concentrator its receipt: whoever dies before leaves the message with the broker, and whoever dies in between with the concentrator.
 * Lines that cannot be used are left out (`usableUplinks`). @throws UserError broker_unreachable when no broker at all can be reached,
 * and what hinders us where none can even be opened; nothing stays open then.
 */
export async function receiveUploads(options: ReceiveUploadsOptions): Promise<UploadReceiver> {
  const { database, clock, windowOpensMs } = options
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
  const stations = createStations({
    ...options,
    brokers: options.brokers ?? [],
    uplinks,
    listenerFor(url, routes) {
      const received = receivedFrom(tally, url)
      return (message) => hear(routes, message, received)
    },
    onDown: linesDown,
  })

  function linesDown(its: readonly Uplink[]): void {
    for (const { line } of its) ports.get(line.lineId)?.lineDown()
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
        const sent = told === null ? settled : stations.sendDown(uplink, told, tally.receipts)
        const { lineId } = uplink.line
        return status.isOnline(lineId) ? sent : Promise.all([sent, status.traffic(lineId, receivedAt)])
      },
    })
    if (!batcher.isFull()) return
    tally.pushBacks += 1
    const room = batcher.whenRoom()
    stations.pauseUploadsUntil(room)
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

  async function close(): Promise<void> {
    joiner.close()
    await batcher.close()
    await words.close()
    await stations.close()
  }

  for (const uplink of uplinks.filter(passesFrames)) {
    const station = () => stations.of(uplink.line.lineId)
    const port = openConcentratorPort({
      uplink,
      clock,
      isConnected: () => station()?.isConnected() === true,
      publish: async ({ topic, payload }) => station()?.publish(topic, payload),
    })
    ports.set(uplink.line.lineId, port)
  }
  try {
    await stations.open()
    stations.requireOne()
  } catch (failure) {
    await close()
    throw failure
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
    brokers: stations.status,
    openLine,
    gapLine(lineId) {
      const profile = uplinks.find(({ line }) => line.lineId === lineId)?.profile
      return profile === undefined || isLossFree(profile) ? null : openLine(lineId)
    },
    async tendConcentrators() {
      await stations.open()
      await status.silence(uplinks)
      const send = (uplink: Uplink, payload: Buffer) =>
        stations.sendDown(
          uplink,
          { topic: present(downTopicOf(uplink, 'table'), 'a topic of tables'), payload },
          tally.tables,
        )
      const patient = database.withStatementLimit(companyWideLimitMs)
      return pushTables({ database: patient, clock, policy, send }, uplinks)
    },
    close,
  }
}

const settled: Promise<unknown> = Promise.resolve()

/** Of nobody's upload: its bytes say nothing without an envelope. */
function refusedUnread(): Result<never, { readonly kind: 'unknown_topic' }> {
  return err({ kind: 'unknown_topic' })
}
