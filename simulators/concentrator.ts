import { invariant } from '../domain/result.js'
import type { Clock, Endpoint, Network, Random, Timer } from '../domain/runtime.js'
import { addDays, beijing, type Instant, minuteMs } from '../domain/time.js'
import { encodeUpload, parseReceipt, type Upload, type UploadItem } from '../protocols/concentrator/messages.js'
import { type ConcentratorProfile, topicOf } from '../protocols/concentrator/topic-template.js'
import { identifierOf } from '../protocols/dlt645/data-items.js'
import { openFrame } from '../protocols/dlt645/frame.js'
import { encodeReadRequest } from '../protocols/dlt645/messages-2007.js'
import { frameStart } from '../protocols/stream-splitter.js'
import type { LineMeter } from './line-meters.js'
import type { Dlt645Meter } from './meter/dlt645-meter.js'
import { openMqttSession } from './mqtt-session.js'

export interface ConcentratorSettings {
  readonly code: string
  readonly broker: Endpoint
  readonly profile: ConcentratorProfile
  /** Its own meter table. The carrier behind it is not simulated; the frames that it brings are real. */
  readonly meters: readonly LineMeter[]
  /** Local minute of the day at which it collects last midnight's freezes. */
  readonly collectAtMinute: number
  readonly metersPerBatch: number
  /** Time after which a batch without a receipt is sent again. */
  readonly receiptTimeoutMs: number
  /** Share of uploads that arrive twice. */
  readonly duplicatedPermille: number
}

export interface ConcentratorCounters {
  /** Meters whose freeze was collected, one for each night. */
  readonly collected: number
  readonly batches: number
  readonly duplicates: number
  readonly repeats: number
  /** Batches without a receipt. */
  readonly waiting: number
}

export interface Concentrator {
  readonly code: string
  readonly counters: () => ConcentratorCounters
  readonly close: () => Promise<void>
}

export interface ConcentratorRuntime {
  readonly clock: Clock
  readonly network: Network
  readonly random: Random
}

const freezeIdentifiers = [
  identifierOf('daily_freeze_stamp', 1),
  identifierOf('daily_freeze_forward_active', 1),
] as const

/** Collects each night, uploads in batches, and forgets a batch only when the application's receipt names it. */
export async function startConcentrator(
  settings: ConcentratorSettings,
  runtime: ConcentratorRuntime,
): Promise<Concentrator> {
  const { code, profile } = settings
  const { clock, random } = runtime
  invariant(settings.metersPerBatch > 0, 'a batch has room for a meter')
  /** Batches without a receipt, each with the timer that sends it again. */
  const waiting = new Map<number, Timer>()
  const counted = { collected: 0, batches: 0, duplicates: 0, repeats: 0 }
  const session = await openMqttSession(
    {
      broker: settings.broker,
      clientId: `concentrator-${code}`,
      subscription: topicOf(profile.topics.receipt, code),
      onMessage: forget,
    },
    runtime,
  )
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
    const meters = settings.meters.filter(({ from, to }) => from <= now && (to === null || now < to))
    counted.collected += meters.length
    for (let start = 0; start < meters.length; start += settings.metersPerBatch) {
      const batch = meters.slice(start, start + settings.metersPerBatch)
      counted.batches += 1
      send(
        { concentrator: code, batch: counted.batches, items: batch.flatMap(({ meter }) => freezeItems(meter, now)) },
        0,
      )
    }
  }

  function send(upload: Upload, attempt: number): void {
    const timer = clock.setTimer(settings.receiptTimeoutMs, () => {
      counted.repeats += 1
      send(upload, attempt + 1)
    })
    waiting.set(upload.batch, timer)
    publish(upload)
    if (random.below(1000, 'duplicated upload', code, upload.batch, attempt) >= settings.duplicatedPermille) return
    counted.duplicates += 1
    publish(upload)
  }

  function publish(upload: Upload): void {
    session.publish(topicOf(profile.topics.up, code), encodeUpload(upload))
  }

  function forget(payload: Buffer): void {
    const receipt = parseReceipt(payload)
    if (!receipt.ok || receipt.value.concentrator !== code) return
    waiting.get(receipt.value.batch)?.cancel()
    waiting.delete(receipt.value.batch)
  }

  return {
    code,
    counters: () => ({ ...counted, waiting: waiting.size }),
    async close() {
      nightly.cancel()
      for (const timer of waiting.values()) timer.cancel()
      await session.close()
    },
  }
}

/** Stamp and registers of one meter, as the meter answered, without wake-up bytes. */
function freezeItems(meter: Dlt645Meter, now: Instant): readonly UploadItem[] {
  return freezeIdentifiers.flatMap((dataIdentifier) => {
    const request = openFrame(encodeReadRequest(meter.address(), dataIdentifier))
    const reply = meter.answer(request, now)
    return reply === null ? [] : [{ frame: reply.subarray(reply.indexOf(frameStart)) }]
  })
}

function nextCollection(now: Instant, minuteOfDay: number): Instant {
  const today = beijing.dateAt(now)
  const atToday = beijing.startOfDay(today) + minuteOfDay * minuteMs
  return atToday > now ? atToday : beijing.startOfDay(addDays(today, 1)) + minuteOfDay * minuteMs
}
