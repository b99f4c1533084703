import type { Clock, Random, Timer } from '../../domain/runtime.js'
import { emptyContent, type EnvelopeContent } from '../../protocols/concentrator/envelope-content.js'
import { decodeFrame } from '../../protocols/dlt645/frame.js'
import { frameStart } from '../../protocols/stream-splitter.js'
import type { LineMeters } from '../line-meters.js'
import { readValue } from './collect-meters.js'
import type { TableMemory } from './table-memory.js'

/** Time that a request and its answer need on the carrier: at least `minMs`, and up to `spanMs` more by chance. */
export interface CarrierDelay {
  readonly minMs: number
  readonly spanMs: number
}

export interface TransparentPortSettings {
  readonly code: string
  readonly line: LineMeters
  readonly table: TableMemory
  readonly carrier: CarrierDelay
  /** Content without the concentrator's code. */
  readonly answer: (content: EnvelopeContent) => void
}

export interface TransparentCounters {
  readonly requests: number
  readonly answers: number
  /** To which no meter of the table answered. */
  readonly unanswered: number
  /** Sent into a request that was still under way; nobody hears them. */
  readonly collisions: number
  /** Delivered again by the broker; answered from memory. */
  readonly repeats: number
}

/** The one half-duplex port behind a concentrator. */
export interface TransparentPort {
  readonly take: (content: EnvelopeContent) => void
  readonly counters: () => TransparentCounters
  readonly close: () => void
}

/** Answers that are remembered by message id, because brokers deliver requests more than once. */
const rememberedAnswers = 16

export function createTransparentPort(
  settings: TransparentPortSettings,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): TransparentPort {
  const { code, line, table, carrier } = settings
  const counted = { requests: 0, answers: 0, unanswered: 0, collisions: 0, repeats: 0 }
  const remembered = new Map<string, EnvelopeContent>()
  let underWay: Timer | null = null

  function take(content: EnvelopeContent): void {
    counted.requests += 1
    const known = content.messageId === null ? undefined : remembered.get(content.messageId)
    if (known !== undefined) {
      counted.repeats += 1
      return settings.answer(known)
    }
    if (underWay !== null) {
      counted.collisions += 1
      return
    }
    const delayMs = carrier.minMs + random.below(carrier.spanMs + 1, 'carrier', code, counted.requests)
    underWay = clock.setTimer(delayMs, () => {
      underWay = null
      reply(content)
    })
  }

  function reply(request: EnvelopeContent): void {
    const answer = answerTo(request)
    if (answer === null) {
      counted.unanswered += 1
      return settings.answer({
        ...emptyContent,
        messageId: request.messageId,
        meter: request.meter,
        failure: 'timeout',
      })
    }
    counted.answers += 1
    if (request.messageId !== null) remember(request.messageId, answer)
    settings.answer(answer)
  }

  function answerTo({ messageId, meter, frames, readings }: EnvelopeContent): EnvelopeContent | null {
    const now = clock.now()
    const [frame] = frames
    if (frame !== undefined) {
      const request = decodeFrame(frame.bytes)
      const answers = request.ok ? line.answers(request.value, now).filter(({ address }) => table.holds(address)) : []
      const [only, other] = answers
      if (only === undefined || other !== undefined) return null
      const bytes = only.reply.subarray(only.reply.indexOf(frameStart))
      return { ...emptyContent, messageId, meter, frames: [{ bytes, meter: only.address, time: now }] }
    }
    const [wanted] = readings
    const address = wanted?.meter ?? meter
    if (wanted === undefined || address === null || !table.holds(address)) return null
    const reading = readValue(line, address, wanted.dataIdentifier, now)
    return reading === null ? null : { ...emptyContent, messageId, meter, readings: [reading] }
  }

  function remember(messageId: string, answer: EnvelopeContent): void {
    remembered.set(messageId, answer)
    const [oldest] = remembered.keys()
    if (remembered.size > rememberedAnswers && oldest !== undefined) remembered.delete(oldest)
  }

  return { take, counters: () => ({ ...counted }), close: () => underWay?.cancel() }
}
