import type { Duplex } from 'node:stream'
import { type MeterQuirks, noQuirks } from '../../domain/meter-quirks.js'
import type { Clock, Parity } from '../../domain/runtime.js'
import type { Dlt645Timing } from '../../domain/registry-document.js'
import { unreachable } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { createFrameSplitter, type SplitFrame } from '../../protocols/dlt645/frame-splitter.js'
import { encodeReadMessage, type Message, type ReadMessage } from '../../protocols/dlt645/message.js'
import { type ApprovedBroadcast, type ApprovedFrame, redeem } from '../orders/guard.js'
import { type Bus, openBus } from './bus.js'
import {
  advanceExchange,
  type DropReason,
  type ExchangeInput,
  type ExchangeOutcome,
  type ExchangeState,
  startExchange,
} from './dlt645-exchange.js'
import { count, type LineCounters, noTraffic } from './line-counters.js'
import { airtimeMs as airtimeOf, firstByteTimeoutMs, silenceMs } from './reply-timeout.js'
import { createSilences } from './silences.js'

/** Requests as they went out, wake-up bytes included, with what became of them. */
export interface Exchanged {
  readonly request: Buffer
  readonly outcome: ExchangeOutcome
  readonly receivedAt: Instant
  /** What else was heard meanwhile: for people who look for the reason. */
  readonly heard: Heard
}

export interface Heard {
  /** Sound frames that were not the awaited reply. */
  readonly dropped: readonly { readonly reason: DropReason; readonly bytes: Buffer }[]
  /** All bytes of an exchange that ended without a frame, as many as are kept. */
  readonly noise: Buffer
}

/** What became of a write. Nothing of it holds the bytes that went out or came back as an echo: they carry a password. */
export interface Written {
  readonly requestTrace: string
  readonly outcome: ExchangeOutcome
}

/** A DL/T 645 bus behind a serial port or a raw TCP serial server: one request in flight, requests one after the other. */
export interface Dlt645Line {
  /** False when no connection could be had before the deadline. */
  readonly ready: (deadline: Instant) => Promise<boolean>
  /** Why the last attempt to connect failed; null when none has. */
  readonly failure: () => unknown
  /** Asks; what changes a meter does not get in here. */
  readonly exchange: (request: ReadMessage) => Promise<Exchanged>
  /** Sends what the guard approved, once. */
  readonly write: (frame: ApprovedFrame) => Promise<Written>
  /** Tells everybody the time and leaves the line alone until that has passed; false when the line was down. */
  readonly broadcast: (frame: ApprovedBroadcast) => Promise<boolean>
  /** The same line, spoken to as meters of these quirks need it. Edition and address are the caller's: they are in the request. */
  readonly withQuirks: (quirks: MeterQuirks) => Dlt645Line
  readonly counters: () => LineCounters
  readonly close: () => void
}

export interface Dlt645LineOptions {
  readonly clock: Clock
  /** Opens the port or the connection; the parity is null behind a serial server, where it cannot be chosen. */
  readonly connect: (parity: Parity | null) => Promise<Duplex>
  readonly settings: Dlt645Timing & { readonly parity?: Parity }
}

/** Bytes of a failed exchange that are kept for a look. */
const mostNoiseBytes = 512

export function openDlt645Line({ clock, connect, settings }: Dlt645LineOptions): Dlt645Line {
  const { parity } = settings
  return dlt645LineOn(openBus({ clock, connect, ...(parity === undefined ? {} : { parity }) }), { clock, settings })
}

/** The DL/T 645 session of a bus that sessions of other protocols may share. */
export function dlt645LineOn(bus: Bus, { clock, settings }: Omit<Dlt645LineOptions, 'connect'>): Dlt645Line {
  const splitter = createFrameSplitter()
  const silences = createSilences()
  let counters = noTraffic
  bus.onStray((stray) => {
    if (stray !== 'line_down') counters = count(counters, { bytesIn: stray.length })
    const frames = stray === 'line_down' ? splitter.timeout() : splitter.push(stray)
    if (frames.length > 0) counters = count(counters, { dropped: frames.length })
  })

  const wakeUpFor = (quirks: MeterQuirks): number => quirks.wakeUpBytes ?? settings.wakeUpBytes

  async function exchange(request: Message, bytes: Buffer, quirks: MeterQuirks): Promise<Exchanged> {
    const timing = { baud: settings.baud, replyTimeoutMs: quirks.replyTimeoutMs ?? settings.replyTimeoutMs }
    const listener = listenFor(request)
    let saidAt: Instant | null = null
    const outcome = await bus.talk<ExchangeOutcome>({
      bytes,
      gapMs: quirks.interFrameGapMs ?? settings.requestGapMs,
      firstByteMs: firstByteTimeoutMs(timing, bytes.length),
      silenceMs: silenceMs(timing),
      echo: quirks.echo === true,
      ...(quirks.parity === undefined ? {} : { parity: quirks.parity }),
      onSaid() {
        saidAt = clock.now()
        counters = count(counters, { requests: 1, bytesOut: bytes.length })
      },
      hear: listener.hear,
      end: listener.end,
    })
    const receivedAt = clock.now()
    const airtimeMs = receivedAt - (saidAt ?? receivedAt)
    counters = count(counters, { airtimeMs, ...countsOf(outcome) })
    if (outcome.kind === 'data' || outcome.kind === 'refused') {
      silences.answered(request.address)
      counters = count(counters, { answeredMs: airtimeMs, answeredBytes: bytes.length + listener.heardBytes() })
    } else if (outcome.kind === 'no_reply') silences.silent(request.address)
    return { request: bytes, outcome, receivedAt, heard: listener.heard(outcome) }
  }

  async function write(frame: ApprovedFrame, quirks: MeterQuirks): Promise<Written> {
    const { request, bytes, trace } = redeem(frame, wakeUpFor(quirks))
    const { outcome } = await exchange(request, bytes, quirks)
    return { requestTrace: trace, outcome }
  }

  function broadcast(frame: ApprovedBroadcast, quirks: MeterQuirks): Promise<boolean> {
    const { bytes } = redeem(frame, wakeUpFor(quirks))
    const passesMs = airtimeOf(settings, bytes.length)
    return bus.talk({
      bytes,
      gapMs: quirks.interFrameGapMs ?? settings.requestGapMs,
      firstByteMs: passesMs,
      silenceMs: passesMs,
      echo: quirks.echo === true,
      onSaid() {
        counters = count(counters, { requests: 1, bytesOut: bytes.length })
      },
      hear: () => null,
      end: (why) => why === 'timeout',
    })
  }

  function listenFor(request: Message) {
    const { discardedBytes: discardedBefore, damagedFrames: damagedBefore } = splitter
    const dropped: Heard['dropped'][number][] = []
    const chunks: Buffer[] = []
    let heardBytes = 0
    let state: ExchangeState = startExchange(request)

    function advance(input: ExchangeInput): void {
      const step = advanceExchange(state, input)
      state = step.state
      if (step.dropped === null || input.kind !== 'frame') return
      counters = count(counters, { dropped: 1 })
      if (step.dropped !== 'too_late') dropped.push({ reason: step.dropped, bytes: input.bytes })
    }

    function deliver(frames: readonly SplitFrame[]): void {
      for (const { frame, bytes } of frames) advance({ kind: 'frame', frame, bytes })
    }

    function hear(chunk: Buffer): ExchangeOutcome | null {
      counters = count(counters, { bytesIn: chunk.length })
      if (heardBytes < mostNoiseBytes) chunks.push(chunk)
      heardBytes += chunk.length
      deliver(splitter.push(chunk))
      return state.kind === 'settled' ? state.outcome : null
    }

    /** Partial bytes are flushed first, so that a good frame behind a garbled one still counts and no rest meets the next reply. */
    function end(why: 'timeout' | 'line_down'): ExchangeOutcome {
      deliver(splitter.timeout())
      const noise = splitter.discardedBytes > discardedBefore || splitter.damagedFrames > damagedBefore
      const strangers = dropped.some(({ reason }) => reason !== 'not_a_reply')
      advance(why === 'timeout' ? { kind: 'timeout', noise, strangers } : { kind: 'line_down' })
      return state.kind === 'settled' ? state.outcome : { kind: 'line_down' }
    }

    const heard = ({ kind }: ExchangeOutcome): Heard => ({
      dropped,
      noise: kind === 'damaged' ? Buffer.concat(chunks).subarray(0, mostNoiseBytes) : nothing,
    })
    return { hear, end, heard, heardBytes: () => heardBytes }
  }

  function viewOf(quirks: MeterQuirks): Dlt645Line {
    return {
      ready: (deadline) => bus.ready(deadline, quirks.parity),
      failure: () => bus.failure(),
      exchange(request) {
        return exchange(request, encodeReadMessage(request, { wakeUpBytes: wakeUpFor(quirks) }), quirks)
      },
      write: (frame) => write(frame, quirks),
      broadcast: (frame) => broadcast(frame, quirks),
      withQuirks: viewOf,
      counters: () => ({ ...counters, deadTimeouts: silences.ofTheDead() }),
      close: () => bus.close(),
    }
  }
  return viewOf(noQuirks)
}

const nothing = Buffer.alloc(0)

function countsOf(outcome: ExchangeOutcome): Partial<LineCounters> {
  switch (outcome.kind) {
    case 'data':
      return { replies: 1 }
    case 'refused':
      return { replies: 1, refused: 1 }
    case 'damaged':
    case 'wrong_answer':
      return { damaged: 1 }
    case 'no_reply':
      return { timeouts: 1 }
    case 'line_down':
      return {}
    default:
      return unreachable(outcome)
  }
}
