import type { Duplex } from 'node:stream'
import { type MeterQuirks, noQuirks } from '../../domain/meter-quirks.js'
import type { Clock, Parity } from '../../domain/runtime.js'
import type { Dlt645Timing } from '../../domain/line-entries.js'
import { ok, present, type Result, unreachable } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { createFrameSplitter, type SplitFrame } from '../../protocols/dlt645/frame-splitter.js'
import { encodeReadMessage, type Message, type ReadMessage } from '../../protocols/dlt645/message.js'
import { type ApprovedBroadcast, type ApprovedFrame, redeem, type UnsaidReason } from '../orders/guard.js'
import { type Bus, openBus, type TalkEnd } from './bus.js'
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
import { ownLine, type TalkRight } from './talk-right.js'

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
export type Written =
  /** No byte of it has left, and none will. */
  | { readonly kind: 'unsent'; readonly reason: UnsentReason }
  | { readonly kind: 'sent'; readonly requestTrace: string; readonly outcome: ExchangeOutcome }

/** Why an approved frame did not leave: what the guard said at the last moment, or the line. */
export type UnsentReason = UnsaidReason | 'line_down' | 'line_lost' | 'line_kind_unsupported'

/** A DL/T 645 bus behind a serial port or a raw TCP serial server: one request in flight, requests one after the other. */
export interface Dlt645Line {
  /** False when no connection could be had before the deadline. */
  readonly ready: (deadline: Instant) => Promise<boolean>
  /** Why the last attempt to connect failed; null when none has. */
  readonly failure: () => unknown
  /** Asks; what changes a meter does not get in here. `line_lost` without a byte said where the right to talk has ended. */
  readonly exchange: (request: ReadMessage) => Promise<Exchanged>
  /** Sends what the guard approved, once, or drops it when it could not leave at once. */
  readonly write: (frame: ApprovedFrame) => Promise<Written>
  /** Tells everybody the time at which the bytes go out, and leaves the line alone until that has passed. */
  readonly broadcast: (frame: ApprovedBroadcast) => Promise<'sent' | UnsentReason>
  /** The same line, spoken to as meters of these quirks need it. Edition and address are the caller's: they are in the request. */
  readonly withQuirks: (quirks: MeterQuirks) => Dlt645Line
  /** The same line, on which nothing is said any more once the right to talk has ended. */
  readonly under: (right: TalkRight) => Dlt645Line
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

/** A request and its bytes as they go out. */
interface Said {
  readonly request: Message
  readonly bytes: Buffer
}

type Conversed<S extends Said> =
  | { readonly kind: 'unsent'; readonly reason: UnsentReason }
  | {
      readonly kind: 'sent'
      readonly said: S
      readonly outcome: ExchangeOutcome
      readonly receivedAt: Instant
      readonly heard: Heard
    }

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

  interface View {
    readonly quirks: MeterQuirks
    readonly right: TalkRight
  }

  /** One request and its reply; `say` settles at the last moment what goes out. */
  async function converse<S extends Said>(
    say: (waitedMs: number) => Result<S, { readonly kind: UnsaidReason }>,
    { quirks, right }: View,
  ): Promise<Conversed<S>> {
    const timing = { baud: settings.baud, replyTimeoutMs: quirks.replyTimeoutMs ?? settings.replyTimeoutMs }
    const begun: { listener?: ReturnType<typeof listenFor>; said?: S; at?: Instant; unsaid?: UnsaidReason } = {}
    const outcome = await bus.talk<ExchangeOutcome | null>({
      right,
      say(waitedMs) {
        const said = say(waitedMs)
        if (said.ok) begun.said = said.value
        else begun.unsaid = said.error.kind
        return begun.said?.bytes ?? null
      },
      gapMs: quirks.interFrameGapMs ?? settings.requestGapMs,
      firstByteMs: (requestBytes) => firstByteTimeoutMs(timing, requestBytes),
      silenceMs: silenceMs(timing),
      echo: quirks.echo === true,
      ...(quirks.parity === undefined ? {} : { parity: quirks.parity }),
      onSaid(bytes) {
        begun.listener = listenFor(present(begun.said, 'a request').request)
        begun.at = clock.now()
        counters = count(counters, { requests: 1, bytesOut: bytes.length })
      },
      hear: (chunk) => begun.listener?.hear(chunk) ?? null,
      end(why) {
        if (why === 'unsaid') return null
        return begun.listener?.end(why) ?? { kind: why === 'line_lost' ? why : 'line_down' }
      },
    })
    const receivedAt = clock.now()
    const { said, at, listener } = begun
    if (outcome === null) return { kind: 'unsent', reason: present(begun.unsaid, 'why nothing was said') }
    if (said === undefined || listener === undefined || at === undefined)
      return { kind: 'unsent', reason: outcome.kind === 'line_lost' ? 'line_lost' : 'line_down' }
    const airtimeMs = receivedAt - at
    counters = count(counters, { airtimeMs, ...countsOf(outcome) })
    const { address } = said.request
    if (outcome.kind === 'data' || outcome.kind === 'refused') {
      silences.answered(address)
      counters = count(counters, { answeredMs: airtimeMs, answeredBytes: said.bytes.length + listener.heardBytes() })
    } else if (outcome.kind === 'no_reply') silences.silent(address)
    return { kind: 'sent', said, outcome, receivedAt, heard: listener.heard(outcome) }
  }

  async function exchange(request: ReadMessage, view: View): Promise<Exchanged> {
    const bytes = encodeReadMessage(request, { wakeUpBytes: wakeUpFor(view.quirks) })
    const conversed = await converse(() => ok({ request, bytes }), view)
    if (conversed.kind === 'sent') {
      const { outcome, receivedAt, heard } = conversed
      return { request: bytes, outcome, receivedAt, heard }
    }
    const kind = conversed.reason === 'line_lost' ? conversed.reason : 'line_down'
    return { request: bytes, outcome: { kind }, receivedAt: clock.now(), heard: { dropped: [], noise: nothing } }
  }

  async function write(frame: ApprovedFrame, view: View): Promise<Written> {
    const wakeUpBytes = wakeUpFor(view.quirks)
    const conversed = await converse((waitedMs) => redeem(frame, { wakeUpBytes, now: clock.now(), waitedMs }), view)
    if (conversed.kind === 'unsent') return conversed
    return { kind: 'sent', requestTrace: conversed.said.trace, outcome: conversed.outcome }
  }

  async function broadcast(frame: ApprovedBroadcast, { quirks, right }: View): Promise<'sent' | UnsentReason> {
    const wakeUpBytes = wakeUpFor(quirks)
    const passesMs = (bytes: number): number => airtimeOf(settings, bytes)
    let unsaid: UnsaidReason = 'frame_stale'
    return bus.talk<'sent' | UnsentReason>({
      right,
      say(waitedMs) {
        const redeemed = redeem(frame, { wakeUpBytes, now: clock.now(), waitedMs })
        if (redeemed.ok) return redeemed.value.bytes
        unsaid = redeemed.error.kind
        return null
      },
      gapMs: quirks.interFrameGapMs ?? settings.requestGapMs,
      firstByteMs: passesMs,
      silenceMs: passesMs(broadcastBytes + wakeUpBytes),
      echo: quirks.echo === true,
      onSaid(bytes) {
        counters = count(counters, { requests: 1, bytesOut: bytes.length })
      },
      hear: () => null,
      end: (why) => (why === 'timeout' ? 'sent' : why === 'unsaid' ? unsaid : why),
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
    function end(why: Exclude<TalkEnd, 'unsaid'>): ExchangeOutcome {
      deliver(splitter.timeout())
      const noise = splitter.discardedBytes > discardedBefore || splitter.damagedFrames > damagedBefore
      const strangers = dropped.some(({ reason }) => reason !== 'not_a_reply')
      advance(why === 'timeout' ? { kind: 'timeout', noise, strangers } : { kind: why })
      return state.kind === 'settled' ? state.outcome : { kind: 'line_down' }
    }

    const heard = ({ kind }: ExchangeOutcome): Heard => ({
      dropped,
      noise: kind === 'damaged' ? Buffer.concat(chunks).subarray(0, mostNoiseBytes) : nothing,
    })
    return { hear, end, heard, heardBytes: () => heardBytes }
  }

  function viewOf(view: View): Dlt645Line {
    const { quirks } = view
    return {
      ready: (deadline) => bus.ready(deadline, quirks.parity),
      failure: () => bus.failure(),
      exchange: (request) => exchange(request, view),
      write: (frame) => write(frame, view),
      broadcast: (frame) => broadcast(frame, view),
      withQuirks: (other) => viewOf({ ...view, quirks: other }),
      under: (right) => viewOf({ ...view, right }),
      counters: () => ({ ...counters, deadTimeouts: silences.ofTheDead() }),
      close: () => bus.close(),
    }
  }
  return viewOf({ quirks: noQuirks, right: ownLine })
}

const nothing = Buffer.alloc(0)
/** A frame of broadcast time without what wakes the line. */
const broadcastBytes = 18

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
    case 'line_lost':
      return {}
    default:
      return unreachable(outcome)
  }
}
