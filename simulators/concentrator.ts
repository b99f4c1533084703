import { invariant } from '../domain/result.js'
import type { Clock, Endpoint, Network, Random, Timer } from '../domain/runtime.js'
import { addDays, beijing, dayMs, type Instant, minuteMs } from '../domain/time.js'
import { type EncodedEnvelope, encodeEnvelope } from '../protocols/concentrator/encode-envelope.js'
import { channelOfTopic, decodeEnvelope } from '../protocols/concentrator/envelope.js'
import { emptyContent, type EnvelopeContent } from '../protocols/concentrator/envelope-content.js'
import { type EnvelopeProfile, formsOf, isLossFree } from '../protocols/concentrator/envelope-profile.js'
import { encodeMeterTable, encodeTableReceipt, parseDesiredTable } from '../protocols/concentrator/meter-table.js'
import { subscriptionOf, topicOf } from '../protocols/concentrator/topic-template.js'
import { collectFreeze, collectRegisters, type MeterHarvest } from './concentrator/collect-meters.js'
import { createTableMemory } from './concentrator/table-memory.js'
import { type CarrierDelay, createTransparentPort, type TransparentCounters } from './concentrator/transparent-port.js'
import { createUploadStore, type StoredUpload } from './concentrator/upload-store.js'
import { createLineMeters, type LineMeter } from './line-meters.js'
import { type MqttSessionSettings, openMqttSession } from './mqtt-session.js'

export interface ConcentratorSettings {
  readonly code: string
  readonly broker: Endpoint
  readonly profile: EnvelopeProfile
  /** What hangs on its line. The carrier behind it is not simulated; the frames that it brings are real. */
  readonly meters: readonly LineMeter[]
  /** Addresses in its own meter table at the start, set on site; all meters of the line where it is absent. */
  readonly table?: readonly string[]
  /** Local minute of the day at which it collects. */
  readonly collectAtMinute: number
  readonly metersPerBatch: number
  /** Time after which an upload that nobody has confirmed is sent again. */
  readonly receiptTimeoutMs: number
  /** Share of uploads that arrive twice. */
  readonly duplicatedPermille: number
  /** Nights that it keeps while nobody confirms, and the memory that it has for them. */
  /** Batches with one of these meters leave so much later: a carrier that is choked, a unit that takes its time. */
  readonly heldBack?: { readonly addresses: ReadonlySet<string>; readonly forMs: number }
  readonly keepsDays?: number
  readonly keepsBytes?: number
  readonly carrier?: CarrierDelay
  /** FEH bytes that it lets through before a frame. */
  readonly wakeUpBytes?: number
  /** Hardware address that some units put before a frame, in hexadecimal. */
  readonly prefix?: string
}

export interface ConcentratorCounters {
  /** Meters that answered a collection, one for each night. */
  readonly collected: number
  readonly batches: number
  readonly duplicates: number
  readonly repeats: number
  /** Batches that nobody has confirmed. */
  readonly waiting: number
}

export interface Concentrator {
  readonly code: string
  readonly counters: () => ConcentratorCounters
  /** Meters of the table that did not answer, batches that its memory lost, and messages that it could not read. */
  readonly troubles: () => { readonly silent: number; readonly lost: number; readonly unread: number }
  readonly transparent: () => TransparentCounters
  /** Addresses in the meter table that is in force. */
  readonly table: () => readonly string[]
  readonly close: () => Promise<void>
}

export interface ConcentratorRuntime {
  readonly clock: Clock
  readonly network: Network
  readonly random: Random
}

/** What the standard asks of a concentrator's daily freezes. */
const usualKeepsDays = 31
const usualKeepsBytes = 16_000_000
const usualCarrier: CarrierDelay = { minMs: 500, spanMs: 2500 }

/**
 * Collects the meters of its table each night, uploads what they said in batches, and forgets a batch only when the application's
 * receipt names it; without receipts in its profile, when the broker has taken it. Takes requests and tables from the master.
 */
export async function startConcentrator(
  settings: ConcentratorSettings,
  runtime: ConcentratorRuntime,
): Promise<Concentrator> {
  const { code, profile } = settings
  const { clock, random } = runtime
  invariant(settings.metersPerBatch > 0, 'a batch has room for a meter')
  const line = createLineMeters(settings.meters)
  const table = createTableMemory(code, settings.table ?? settings.meters.map(({ meter }) => meter.address()))
  const store = createUploadStore(settings.keepsBytes ?? usualKeepsBytes)
  const keepsMs = (settings.keepsDays ?? usualKeepsDays) * dayMs
  const counted = { collected: 0, batches: 0, duplicates: 0, repeats: 0 }
  const troubles = { silent: 0, unread: 0 }
  const waiting = new Set<Timer>()
  const collectMeter = bringsFrames(profile) ? collectFreeze : collectRegisters
  const port = createTransparentPort(
    { code, line, table, carrier: settings.carrier ?? usualCarrier, answer: sendAnswer },
    runtime,
  )
  const session = await openMqttSession(sessionSettings(settings, hear), runtime)
  reportTable()
  let nightly = scheduleCollection()

  function scheduleCollection(): Timer {
    const delayMs = nextCollection(clock.now(), settings.collectAtMinute) - clock.now()
    return clock.setTimer(delayMs, () => {
      collect()
      nightly = scheduleCollection()
    })
  }

  function collect(): void {
    const now = clock.now()
    const harvests = table.addresses().map((address) => collectMeter(line, address, now))
    const answered = harvests.filter(({ frames, readings }) => frames.length + readings.length > 0)
    counted.collected += answered.length
    troubles.silent += harvests.length - answered.length
    for (let start = 0; start < answered.length; start += settings.metersPerBatch) {
      const batch = answered.slice(start, start + settings.metersPerBatch)
      const isHeldBack = batch.some(({ address }) => settings.heldBack?.addresses.has(address) === true)
      const delayMs = isHeldBack ? (settings.heldBack?.forMs ?? 0) : 0
      for (const content of uploadsOf(batch)) later(delayMs, () => upload(content, now))
    }
  }

  function later(delayMs: number, act: () => void): void {
    if (delayMs === 0) return act()
    const timer = clock.setTimer(delayMs, () => {
      waiting.delete(timer)
      act()
    })
    waiting.add(timer)
  }

  /** Contents that fit one message each: the whole batch, or each meter, or each item on its own. */
  function uploadsOf(harvests: readonly MeterHarvest[]): readonly EnvelopeContent[] {
    const whole = contentOf(harvests)
    if (encoded(whole, 1) !== null) return [whole]
    if (harvests.length > 1) return harvests.flatMap((each) => uploadsOf([each]))
    return [
      ...whole.frames.map((frame) => ({ ...emptyContent, frames: [frame] })),
      ...whole.readings.map((reading) => ({ ...emptyContent, readings: [reading] })),
    ]
  }

  function encoded(content: EnvelopeContent, batch: number): EncodedEnvelope | null {
    return encodedOn('up', { ...content, messageId: String(batch) })
  }

  function encodedOn(channel: 'up' | 'response', content: EnvelopeContent): EncodedEnvelope | null {
    const whole = { ...content, concentrator: code, prefix: settings.prefix ?? null }
    return encodeEnvelope(profile, channel, whole, { wakeUpBytes: settings.wakeUpBytes ?? 0 })
  }

  function upload(content: EnvelopeContent, collectedAt: Instant): void {
    const batch = counted.batches + 1
    const message = encoded(content, batch)
    if (message === null) return
    counted.batches = batch
    send({ ...message, batch, collectedAt }, 0)
    store.makeRoom(clock.now() - keepsMs)
  }

  function send(message: StoredUpload, attempt: number): void {
    const { batch } = message
    const timer = clock.setTimer(settings.receiptTimeoutMs, () => {
      counted.repeats += 1
      send(message, attempt + 1)
    })
    store.keep(message, timer)
    publish(message)
    if (random.below(1000, 'duplicated upload', code, batch, attempt) >= settings.duplicatedPermille) return
    counted.duplicates += 1
    publish(message)
  }

  function publish({ topic, payload, batch }: StoredUpload): void {
    if (isLossFree(profile)) session.publish(topic, payload)
    else session.publish(topic, payload, () => store.forget(batch))
  }

  function hear(topic: string, payload: Buffer): void {
    if (channelOfTopic(profile, topic)?.channel === 'table') return takeTable(payload)
    const message = decodeEnvelope(profile, topic, payload)
    if (!message.ok) troubles.unread += 1
    else if (message.value.channel === 'receipt') store.forget(Number(message.value.messageId))
    else if (message.value.channel === 'down') port.take(message.value)
  }

  /** Said again for a table that comes again: the master may have missed the first receipt. */
  function takeTable(payload: Buffer): void {
    const { tableReceipt } = profile.channels
    const desired = parseDesiredTable(payload)
    if (!desired.ok || desired.value.concentrator !== code || tableReceipt === undefined) troubles.unread += 1
    else session.publish(topicOf(tableReceipt.topic, code), encodeTableReceipt(table.apply(desired.value)))
    reportTable()
  }

  /** Said at the start and after every table that came. */
  function reportTable(): void {
    const { tableReport } = profile.channels
    if (tableReport !== undefined) session.publish(topicOf(tableReport.topic, code), encodeMeterTable(table.report()))
  }

  /** Silence where the profile has no words for a failure. */
  function sendAnswer(content: EnvelopeContent): void {
    const message = encodedOn(profile.channels.response === undefined ? 'up' : 'response', content)
    if (message !== null) session.publish(message.topic, message.payload)
  }

  return {
    code,
    counters: () => ({ ...counted, waiting: store.counts().waiting }),
    troubles: () => ({ ...troubles, lost: store.counts().lost }),
    transparent: port.counters,
    table: table.addresses,
    async close() {
      nightly.cancel()
      for (const timer of waiting) timer.cancel()
      store.close()
      port.close()
      await session.close()
    },
  }
}

/** Whether meters' replies go out as they are; otherwise the concentrator decodes them itself. */
function bringsFrames(profile: EnvelopeProfile): boolean {
  return formsOf(profile, 'up').some((form) => form.kind !== 'json' || form.frame !== undefined)
}

function contentOf(harvests: readonly MeterHarvest[]): EnvelopeContent {
  return {
    ...emptyContent,
    frames: harvests.flatMap(({ frames }) => frames),
    readings: harvests.flatMap(({ readings }) => readings),
  }
}

function sessionSettings(
  { code, broker, profile }: ConcentratorSettings,
  onMessage: MqttSessionSettings['onMessage'],
): MqttSessionSettings {
  const { receipt, down, table } = profile.channels
  const subscriptions = [receipt, down, table].flatMap((channel) =>
    channel === undefined ? [] : [subscriptionOf(channel.topic, code)],
  )
  const state = (online: boolean) =>
    isAboutConcentrator(profile)
      ? encodeEnvelope(profile, 'status', { ...emptyContent, concentrator: code, online })
      : null
  const [here, gone] = [state(true), state(false)]
  const presence =
    here === null || gone === null ? {} : { presence: { topic: here.topic, here: here.payload, gone: gone.payload } }
  return { broker, clientId: `concentrator-${code}`, subscriptions, onMessage, ...presence }
}

/** Some units report the state of each meter instead. */
function isAboutConcentrator({ channels }: EnvelopeProfile): boolean {
  return channels.status !== undefined && !channels.status.topic.includes('{meter}')
}

function nextCollection(now: Instant, minuteOfDay: number): Instant {
  const today = beijing.dateAt(now)
  const atToday = beijing.startOfDay(today) + minuteOfDay * minuteMs
  return atToday > now ? atToday : beijing.startOfDay(addDays(today, 1)) + minuteOfDay * minuteMs
}
